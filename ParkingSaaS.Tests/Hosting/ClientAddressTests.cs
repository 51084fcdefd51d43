using System.Net;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Tests.Hosting;

/// <summary>Whose requests are counted together.</summary>
public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("203.0.113.7", "203.0.113.7")]
    [InlineData("::ffff:203.0.113.7", "203.0.113.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:3::1", "2001:db8:1:3::/64")]
    [InlineData("fe80::1%3", "fe80::/64")]
    public void An_IPv4_address_is_one_and_an_IPv6_network_of_64_bits_is_one(string address, string key) =>
        Assert.Equal(key, ClientAddress.Key(IPAddress.Parse(address)));

    [Fact]
    public void An_unknown_address_has_a_key_too() => Assert.Equal("", ClientAddress.Key(null));
}
