using System.Security.Cryptography;
using System.Text;

namespace ParkingSaaS.Devices;

/// <summary>The setting <c>Mqtt:OperatorSecret</c>, with which those who run the broker sign in to it as <see cref="UserName"/>, in
/// order to watch its figures.</summary>
/// <param name="Value">Null: nobody does.</param>
public sealed record OperatorSecret(string? Value)
{
    /// <summary>No device has it: theirs hold the city and a slash.</summary>
    public const string UserName = "operator";

    internal bool Opens(ReadOnlySpan<byte> password) =>
        Value is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(Value), password);

    /// <summary>Never shows the secret.</summary>
    public override string ToString() => nameof(OperatorSecret);
}
