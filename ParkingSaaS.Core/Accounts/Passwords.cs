using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Accounts;

/// <summary>Which passwords may be had: any characters, long enough, and none that is guessed first.</summary>
public sealed class Passwords(SignInPolicy policy)
{
    /// <summary>The longest, in characters.</summary>
    public const int MaxLength = 128;

    /// <summary>What must be left of a password without a common one, or a name, in it.</summary>
    const int OwnCharacters = 6;

    const int ShortestCommon = 8;

    static readonly Lazy<(HashSet<string> All, int Longest)> Common = new(() =>
    {
        using var text = new StreamReader(typeof(Passwords).Assembly.GetManifestResourceStream("passwords/common")!);
        HashSet<string> all = [.. text.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
        return (all, all.Max(p => p.Length));
    });

    /// <summary>In characters; the policy says it.</summary>
    public int MinLength => policy.MinPasswordLength;

    /// <summary>Null when it may be had.</summary>
    /// <param name="field">The field's name as the caller knows it.</param>
    /// <param name="names">The user's and the city's: the first that somebody tries who knows them.</param>
    public InvalidField? Invalid(string field, string? password, params IEnumerable<string?> names) =>
        (password?.Length ?? 0) < MinLength ? new(field, "too-short") { Wanted = "at-least", Bounds = [MinLength] }
        : password!.Length > MaxLength ? new(field, "too-long") { Wanted = "length", Bounds = [MaxLength] }
        : IsCommon(password.ToLowerInvariant()) ? new(field, "common-password")
        : names.Any(n => n is not null && Leans(password.ToLowerInvariant(), n.Trim().ToLowerInvariant())) ? new(field, "name-in-password")
        : null;

    /// <summary>A common password, also with a few characters added. Repeating a character is one, too.</summary>
    static bool IsCommon(string password)
    {
        if (password.Distinct().Count() < 4)
            return true;
        var (all, longest) = Common.Value;
        for (var length = Math.Min(longest, password.Length); length >= ShortestCommon && password.Length - length < OwnCharacters; length--)
            for (var from = 0; from + length <= password.Length; from++)
                if (all.Contains(password.Substring(from, length)))
                    return true;
        return false;
    }

    /// <summary>A name that is too short to matter is in many words.</summary>
    static bool Leans(string password, string name)
    {
        if (name.Length < (name.All(char.IsAscii) ? 4 : 2) || !password.Contains(name))
            return false;
        var rest = password.Replace(name, "");
        return rest.Length < OwnCharacters || IsCommon(rest);
    }
}
