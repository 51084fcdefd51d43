using ParkingSaaS.Core.Storage;

namespace ParkingSaaS.Tests.Storage;

/// <summary>The passwords of databases come from one key.</summary>
public sealed class MasterKeyTests
{
    [Fact]
    public void The_servers_verifier_is_not_the_password()
    {
        var key = MasterKey.Generate();
        var password = key.PasswordOf("city_x");
        Assert.Equal(64, password.Length);
        Assert.Equal(password, key.PasswordOf("city_x"));
        Assert.NotEqual(password, key.PasswordOf("city_y"));
        Assert.NotEqual(password, MasterKey.Generate().PasswordOf("city_x"));
        Assert.DoesNotContain(password, DatabaseRoles.Verifier(password));
    }
}
