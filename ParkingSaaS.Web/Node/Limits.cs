namespace ParkingSaaS.Web.Node;

/// <summary>How much one address or account may ask of a node. Addresses are counted by <see cref="ClientAddress"/>; the setting
/// <c>Limits</c> in <c>appsettings.json</c> says what each is against.</summary>
sealed record Limits
{
    /// <summary>Requests of callers who have not signed in, a minute and address.</summary>
    public int AnonymousPerMinute { get; init; } = 1200;

    /// <summary>Sign-ins that are tried over all cities, a minute and address. A name waits sooner; this is against who tries one password
    /// on many accounts, and leaves room for an office behind one address.</summary>
    public int SignInsPerMinute { get; init; } = 30;

    /// <summary>Forms of the drivers' pages, a minute and address.</summary>
    public int FormsPerMinute { get; init; } = 120;

    /// <summary>Different plates asked for on the drivers' pages, an hour and address.</summary>
    public int PlatesPerHour { get; init; } = 120;

    /// <summary>Wrong last digits of a telephone, an hour and plate, from all addresses together.</summary>
    public int WrongDigitsPerHour { get; init; } = 5;

    /// <summary>Open pages of an address.</summary>
    public int PagesPerAddress { get; init; } = 300;

    /// <summary>Open pages of an account.</summary>
    public int PagesPerAccount { get; init; } = 30;

    /// <summary>MQTT connections of an address.</summary>
    public int DeviceConnectionsPerAddress { get; init; } = 10_000;

    /// <summary>Wrong secrets of devices, a minute and address; a sixth of it for one device.</summary>
    public int WrongSecretsPerMinute { get; init; } = 60;

    /// <exception cref="StartUpException">One is no number above zero.</exception>
    public static Limits Read(IConfiguration configuration)
    {
        var usual = new Limits();
        return new Limits
        {
            AnonymousPerMinute = Number(nameof(AnonymousPerMinute), usual.AnonymousPerMinute),
            SignInsPerMinute = Number(nameof(SignInsPerMinute), usual.SignInsPerMinute),
            FormsPerMinute = Number(nameof(FormsPerMinute), usual.FormsPerMinute),
            PlatesPerHour = Number(nameof(PlatesPerHour), usual.PlatesPerHour),
            WrongDigitsPerHour = Number(nameof(WrongDigitsPerHour), usual.WrongDigitsPerHour),
            PagesPerAddress = Number(nameof(PagesPerAddress), usual.PagesPerAddress),
            PagesPerAccount = Number(nameof(PagesPerAccount), usual.PagesPerAccount),
            DeviceConnectionsPerAddress = Number(nameof(DeviceConnectionsPerAddress), usual.DeviceConnectionsPerAddress),
            WrongSecretsPerMinute = Number(nameof(WrongSecretsPerMinute), usual.WrongSecretsPerMinute)
        };

        int Number(string name, int otherwise) => configuration["Limits:" + name] is not { Length: > 0 } text ? otherwise
            : int.TryParse(text, out var number) && number > 0 ? number
            : throw new StartUpException($"The setting Limits:{name} is a whole number above zero, not '{text}'");
    }
}
