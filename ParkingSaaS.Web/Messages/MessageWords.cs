using Microsoft.Extensions.Localization;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Messages;

/// <summary>How screens speak of messages.</summary>
static class MessageWords
{
    /// <summary>Why a message was not sent or did not arrive; a provider's code as it is.</summary>
    public static string Problem(this IStringLocalizer<Texts> texts, string problem) =>
        texts["message-problem." + problem] is { ResourceNotFound: false } known ? known : problem;

    public static BadgeTone Tone(MessageState state) => state switch
    {
        MessageState.Delivered => BadgeTone.Success,
        MessageState.Sent => BadgeTone.Info,
        MessageState.Failed => BadgeTone.Danger,
        MessageState.Unknown => BadgeTone.Warning,
        _ => BadgeTone.Light
    };
}
