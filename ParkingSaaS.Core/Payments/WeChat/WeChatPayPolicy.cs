namespace ParkingSaaS.Core.Payments.WeChat;

/// <summary>How WeChat Pay is reached.</summary>
public sealed record WeChatPayPolicy
{
    /// <summary>Where its API v3 is.</summary>
    public Uri Address { get; init; } = new("https://api.mch.weixin.qq.com");

    /// <summary>Where it says who uses its browser.</summary>
    public Uri Accounts { get; init; } = new("https://api.weixin.qq.com");

    /// <summary>An answer that takes longer is none.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(5);
}
