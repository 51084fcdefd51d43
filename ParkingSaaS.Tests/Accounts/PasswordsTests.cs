using ParkingSaaS.Core.Accounts;

namespace ParkingSaaS.Tests.Accounts;

/// <summary>Which passwords may be had.</summary>
public sealed class PasswordsTests
{
    static readonly Passwords Passwords = new(new SignInPolicy { MinPasswordLength = 8 });

    [Theory]
    [InlineData("otters7", "too-short")]
    [InlineData("password", "common-password")]
    [InlineData("Password", "common-password")]
    [InlineData("sunshine2026", "common-password")]
    [InlineData("1qaz2wsx!", "common-password")]
    [InlineData("aaaaaaaaaaaaaaaa", "common-password")]
    [InlineData("121212121212", "common-password")]
    [InlineData("shenzhen2026", "name-in-password")]
    [InlineData("Shenzhen", "name-in-password")]
    [InlineData("深圳深圳深圳深圳", "common-password")]
    [InlineData("深圳停车管理2026", null)]
    [InlineData("深圳深圳-1a2", "name-in-password")]
    [InlineData("seven wet otters", null)]
    [InlineData("shenzhen-otters", null)]
    [InlineData("sunshine-and-rain", null)]
    [InlineData("correct-horse-7", null)]
    public void What_is_guessed_first_is_refused(string password, string? rule) =>
        Assert.Equal(rule, Passwords.Invalid("Password", password, "li", "深圳", "shenzhen", null)?.Rule);

    [Fact]
    public void The_longest_has_128_characters()
    {
        var long128 = string.Concat(Enumerable.Range(0, 32).Select(i => $"{i:x4}"));
        Assert.Null(Passwords.Invalid("Password", long128));
        Assert.Equal("too-long", Passwords.Invalid("Password", long128 + "x")?.Rule);
    }
}
