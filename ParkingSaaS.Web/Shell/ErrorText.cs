using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Web.Shell;

/// <summary>What a screen says when a rule said no: the sentence under <c>error.</c> and the rule's code.</summary>
public static class ErrorText
{
    /// <summary>The sentence in the screen's language. Arguments that are texts of ours (<c>lot</c>, <c>Name</c>) are named
    /// in that language too.</summary>
    /// <param name="names">What things are called on the screen; null where the error names none.</param>
    public static string Of(this IStringLocalizer<Texts> texts, Error error, PageNames? names = null)
    {
        if (error is InvalidField field)
            return texts.Of(field, f => texts["arg." + f] is { ResourceNotFound: false } called ? called : f);
        var args = Array.ConvertAll(error.Args, arg => arg switch
        {
            string name when texts["arg." + name] is { ResourceNotFound: false } known => known.Value,
            string reason when texts["refusal." + reason] is { ResourceNotFound: false } known => known.Value,
            Enum value => texts.Of(value),
            TextKeys all => texts.List(all.Keys.Select(k => texts[k].Value)),
            GivenName given => Read(given),
            GivenNames all => texts.List(all.Names.Select(Read)),
            _ => arg
        });
        var sentence = texts["error." + error.Code, args];
        return sentence.ResourceNotFound ? texts["That is not possible ({0}).", error.Code] : sentence;

        string Read(GivenName given) => (names?[given.Name] ?? given.Name) + given.Note;
    }

    /// <summary>That fields are not acceptable, and what would be, one after the other.</summary>
    /// <param name="label">What the screen calls a field.</param>
    public static string Of(this IStringLocalizer<Texts> texts, InvalidField fields, Func<string, string> label) =>
        fields.All.Select(f => texts.Of(f, label(f.Field))).Aggregate((all, one) => texts["{0} {1}", all, one]);

    /// <summary>That a field is not acceptable, and what would be.</summary>
    /// <param name="label">What the screen calls the field.</param>
    public static string Of(this IStringLocalizer<Texts> texts, InvalidField field, string label)
    {
        string sentence = texts["error." + field.Code, label];
        var wanted = texts["wanted." + field.Wanted, [.. field.Bounds]];
        if (wanted.ResourceNotFound && field.Rule == "invalid")
            wanted = texts["wanted.choice"];
        return wanted.ResourceNotFound ? sentence : texts["{0} {1}", sentence, wanted.Value];
    }
}
