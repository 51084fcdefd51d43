using System.Text.RegularExpressions;
using ParkingSaaS.Core.Vehicles;

namespace ParkingSaaS.Core.Messages;

/// <summary>What people outside are told of.</summary>
public enum MessageScene
{
    /// <summary>A car owes: the first reminder.</summary>
    ArrearsFirst,

    /// <summary>It still owes: the second.</summary>
    ArrearsSecond,

    /// <summary>It still owes: the last one before other steps.</summary>
    ArrearsLast,

    /// <summary>A payment came.</summary>
    PaymentReceived,

    /// <summary>Money is back by the way it came, or was paid out.</summary>
    RefundPaid,

    /// <summary>A pass ends within <see cref="Passes.PassUpkeep.RenewAhead"/> days.</summary>
    PassEnding
}

/// <summary>By what somebody is told.</summary>
public enum MessageWay
{
    /// <summary>A short message to a telephone.</summary>
    Sms,

    Mail
}

/// <summary>What holds for a scene everywhere.</summary>
/// <param name="MayDecline">Whether the person may say that they want none: not of what a contract or a law owes them, which are the last reminder and money
/// that goes back.</param>
/// <param name="Places">What its text may name, as <c>{plate}</c>.</param>
/// <param name="Chinese">The text that a city begins with.</param>
/// <param name="English">The same in English.</param>
public sealed partial record SceneKind(MessageScene Scene, bool MayDecline, IReadOnlyList<string> Places, string Chinese, string English)
{
    /// <summary>All of them, in the order of <see cref="MessageScene"/>.</summary>
    public static readonly IReadOnlyList<SceneKind> All =
    [
        new(MessageScene.ArrearsFirst, MayDecline: true, ["plate", "amount", "count", "lots", "since", "link", "code"],
            "{plate} 有 {count} 笔停车费未缴，共 {amount}，最早的一笔为 {since}。查看并缴费：{link}",
            "{plate} owes {amount} for parking ({count}), since {since}. See and pay: {link}"),
        new(MessageScene.ArrearsSecond, MayDecline: true, ["plate", "amount", "count", "lots", "since", "link", "code"],
            "再次提醒：{plate} 仍有 {count} 笔停车费未缴，共 {amount}。查看并缴费：{link}",
            "Second reminder: {plate} still owes {amount} for parking ({count}). See and pay: {link}"),
        new(MessageScene.ArrearsLast, MayDecline: false, ["plate", "amount", "count", "lots", "since", "link", "code"],
            "最后提醒：{plate} 自 {since} 起欠停车费 {amount}，请尽快缴清：{link}",
            "Last reminder: {plate} has owed {amount} for parking since {since}. Please pay: {link}"),
        new(MessageScene.PaymentReceived, MayDecline: true, ["plate", "amount", "lot", "time", "link", "code"],
            "已收到 {plate} 在 {lot} 的停车费 {amount}（{time}）。详情：{link}",
            "{amount} received for {plate} at {lot} on {time}. Details: {link}"),
        new(MessageScene.RefundPaid, MayDecline: false, ["plate", "amount", "lot", "time", "link", "code"],
            "{plate} 在 {lot} 的停车费已退款 {amount}（{time}）。详情：{link}",
            "We paid {amount} back for {plate}, {lot}, {time}. Details: {link}"),
        new(MessageScene.PassEnding, MayDecline: true, ["plate", "number", "until", "link", "code"],
            "{plate} 的包期（{number}）将于 {until} 到期。续费：{link}",
            "{plate}: pass {number} ends on {until}. Renew: {link}")
    ];

    /// <summary>The reminders of arrears, in their order.</summary>
    public static readonly IReadOnlyList<MessageScene> Arrears = [MessageScene.ArrearsFirst, MessageScene.ArrearsSecond, MessageScene.ArrearsLast];

    public static SceneKind Of(MessageScene scene) => All[(int)scene];

    /// <summary>Whether it is a reminder of arrears.</summary>
    public bool IsArrears => Arrears.Contains(Scene);

    /// <summary>The text that a city begins with.</summary>
    public string Text(OwnerLanguage language) => language is OwnerLanguage.English ? English : Chinese;

    /// <summary>An example of each place, for who writes a text.</summary>
    public static IReadOnlyDictionary<string, string> Examples { get; } = new Dictionary<string, string>
    {
        ["plate"] = "粤B12345",
        ["amount"] = "¥35.00",
        ["count"] = "3",
        ["lots"] = "中心停车场、海滨路",
        ["lot"] = "中心停车场",
        ["since"] = "2026-11-02",
        ["until"] = "2026-12-31",
        ["time"] = "2026-11-21 09:30",
        ["number"] = "1024",
        ["link"] = "https://parking.example.org/pay/told/k7m2p9xq4rtw",
        ["code"] = "k7m2p9xq4rtw"
    };

    /// <summary>The places that a text names, each once.</summary>
    public static IReadOnlyList<string> PlacesOf(string text) => [.. Place().Matches(text).Select(m => m.Groups[1].Value).Distinct()];

    /// <summary>A text with its places filled in.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) =>
        Place().Replace(text, m => values.GetValueOrDefault(m.Groups[1].Value, m.Value));

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Place();
}
