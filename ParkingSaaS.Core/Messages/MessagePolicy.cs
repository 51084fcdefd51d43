using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Messages;

/// <summary>How messages leave an installation, and how long they are kept.</summary>
public sealed record MessagePolicy
{
    /// <summary>Under which address people reach the program, for links; null where only cities with a host name of their own have links.</summary>
    public Uri? Address { get; init; }

    /// <summary>Where Aliyun's short messages are asked for.</summary>
    public Uri Aliyun { get; init; } = new("https://dysmsapi.aliyuncs.com");

    /// <summary>An answer that takes longer is none.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The log of messages is kept for so long.</summary>
    public TimeSpan Keep { get; init; } = TimeSpan.FromDays(180);

    /// <summary>The ports that a city's mail server may have: no city looks around behind the installation.</summary>
    public IReadOnlyList<int> MailPorts { get; init; } = [25, 465, 587, 2525];

    /// <summary>The page of a message; null where nobody knows under which address.</summary>
    /// <param name="code">See <see cref="Message.Code"/>.</param>
    public Uri? LinkOf(City city, string code) => city.HostName is { } host ? new Uri($"https://{host}/pay/told/{code}")
        : Address is { } address ? new Uri(address, $"/{city.Code}/pay/told/{code}")
        : null;
}
