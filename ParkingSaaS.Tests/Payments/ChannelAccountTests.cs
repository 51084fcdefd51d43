using System.Security.Cryptography;
using Bunit;
using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Payments;

namespace ParkingSaaS.Tests.Payments;

/// <summary>The accounts of payment channels: who sets them up, what they must hold, whose they are, and that their secrets stay secret.</summary>
public sealed class ChannelAccountTests(Cluster cluster) : PlatformTest(cluster)
{
    ChannelAccountDetails details = null!;

    protected override async Task PrepareAsync()
    {
        await using var wechat = await FakeWeChatPay.StartAsync(platform.Clock);
        details = wechat.Account;
    }

    Task<Result<Guid>> SaveAsync(ChannelAccountDetails request, Actor? by = null) =>
        platform.Get<SaveChannelAccount>().RunAsync(by ?? City.User(PaymentPermissions.Channels), request, Ct);

    async Task<ChannelAccount> AccountAsync(Guid id)
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<ChannelAccount>().AsNoTracking().SingleAsync(a => a.Id == id, Ct);
    }

    [Fact]
    public async Task Secrets_are_kept_sealed_and_stay_where_nothing_new_is_typed()
    {
        var id = (await SaveAsync(details)).Value;
        var (account, secrets) = (await AccountAsync(id), platform.Get<ChannelSecrets>());
        Assert.Equal((details.ApiKey, details.PrivateKey!.Trim()), (secrets.Open(id, account.ApiKey), secrets.Open(id, account.PrivateKey)));
        Assert.DoesNotContain(details.ApiKey!, account.ApiKey);
        Assert.DoesNotContain("PRIVATE KEY", account.PrivateKey);
        Assert.ThrowsAny<System.Security.Cryptography.CryptographicException>(() => secrets.Open(Guid.NewGuid(), account.ApiKey));
        Assert.DoesNotContain(details.ApiKey!, details.ToString());

        Assert.True((await SaveAsync(ChannelAccountDetails.Of(account) with { Name = "Other" })).Ok);
        var after = await AccountAsync(id);
        Assert.Equal(("Other", account.ApiKey, account.PrivateKey), (after.Name, after.ApiKey, after.PrivateKey));
        Assert.True((await SaveAsync(ChannelAccountDetails.Of(after) with { ApiKey = new string('n', 32) })).Ok);
        Assert.Equal(new string('n', 32), secrets.Open(id, (await AccountAsync(id)).ApiKey));
    }

    [Fact]
    public async Task A_form_to_change_it_shows_no_secret()
    {
        var id = (await SaveAsync(details)).Value;
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var form = context.Render<ChannelForm>(p => p.Add(f => f.Id, id));
        await form.WaitForAssertionAsync(() => Assert.Equal(FakeWeChatPay.MerchantId, form.Find("#MerchantId").GetAttribute("value")));
        var account = await AccountAsync(id);
        Assert.All(new[] { details.ApiKey!, "PRIVATE KEY", account.ApiKey, account.PrivateKey }, secret => Assert.DoesNotContain(secret, form.Markup));
        await form.Find("#Name").ChangeAsync("Renamed");
        await form.Find("form").SubmitAsync();
        Assert.Equal(("Renamed", account.ApiKey), ((await AccountAsync(id)).Name, (await AccountAsync(id)).ApiKey));
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "Name", "required", "" }, { "AppId", "required", "" }, { "AppId", "invalid", "wx-1" }, { "MerchantId", "required", "" },
        { "MerchantId", "invalid", "19a" }, { "SubMerchantId", "invalid", "x" }, { "CertificateSerial", "invalid", "XYZ" },
        { "PrivateKey", "required", "" }, { "PrivateKey", "invalid", "no key" }, { "ApiKey", "required", "" }, { "ApiKey", "invalid", "short" },
        { "AppSecret", "invalid", "short" },
        { "PublicKeyId", "invalid", "5157F09E" }, { "PublicKey", "required", "" }, { "PublicKey", "invalid", "no key" }
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task What_is_wrong_is_refused(string field, string rule, string text)
    {
        var request = field switch
        {
            "Name" => details with { Name = text },
            "AppId" => details with { AppId = text },
            "MerchantId" => details with { MerchantId = text },
            "SubMerchantId" => details with { SubMerchantId = text },
            "CertificateSerial" => details with { CertificateSerial = text },
            "PrivateKey" => details with { PrivateKey = text },
            "ApiKey" => details with { ApiKey = text },
            "AppSecret" => details with { AppSecret = text },
            "PublicKeyId" => details with { PublicKeyId = text },
            _ => details with { PublicKey = text }
        };
        Assert.Equal(new InvalidField(field, rule), (await SaveAsync(request)).Error);
    }

    [Fact]
    public async Task Keys_stand_in_their_own_fields_and_an_account_is_a_companys_or_a_lots()
    {
        Assert.Equal(new InvalidField("PublicKey", "invalid"), (await SaveAsync(details with { PublicKey = details.PrivateKey })).Error);
        Assert.Equal(new InvalidField("PrivateKey", "invalid"), (await SaveAsync(details with { PrivateKey = details.PublicKey })).Error);
        Assert.Equal(new InvalidField("LotId", "invalid"),
            (await SaveAsync(details with { LotId = City.North.Id, CompanyId = City.NorthCompany.Id })).Error);
        Assert.Equal(new InvalidField("SubMerchantId", "required"), (await SaveAsync(details with { SubAppId = "wx1" })).Error);
        Assert.Equal(new InvalidField("Priority", "out-of-range"), (await SaveAsync(details with { Priority = -1 })).Error);
        Assert.Equal(new NotFound("lot"), (await SaveAsync(details with { LotId = platform.Beta.North.Id })).Error);
        Assert.Equal(new NotFound("company"), (await SaveAsync(details with { CompanyId = platform.Beta.NorthCompany.Id })).Error);
        Assert.Equal(new NotFound("channel-account"), (await SaveAsync(details with { Id = Guid.NewGuid() })).Error);
    }

    [Fact]
    public async Task Only_the_whole_citys_administrators_see_and_change_accounts()
    {
        var id = (await SaveAsync(details)).Value;
        await Assert.ThrowsAsync<AccessDeniedException>(() => SaveAsync(details, City.User(PaymentPermissions.View)));
        var restricted = City.RestrictedTo(City.North, PaymentPermissions.Channels);
        Assert.Equal(new NotFound("channel-account"), (await SaveAsync(details, restricted)).Error);
        Assert.Equal(new NotFound("channel-account"), (await SaveAsync(details with { Id = id }, restricted)).Error);
        await using var s = await platform.Get<CitySessions>().OpenAsync(restricted, PaymentPermissions.Channels, Ct);
        Assert.Empty(await s.Db.Set<ChannelAccount>().ToListAsync(Ct));
    }

    [Fact]
    public async Task What_an_account_is_to_WeChat_stays_once_a_payment_was_begun_with_it()
    {
        var id = (await SaveAsync(details)).Value;
        Assert.True((await SaveAsync(details with { Id = id, MerchantId = "1900000110" })).Ok);
        await using (var s = await City.OpenAsync())
        {
            var payment = new Payment
            {
                Id = Guid.CreateVersion7(),
                LotId = City.North.Id,
                PayableId = Guid.CreateVersion7(),
                Method = "wechat",
                Amount = new Money(1),
                CreatedAt = s.Now,
                QuotedAt = s.Now
            };
            s.Db.AddRange(payment, new ChannelOrder { PaymentId = payment.Id, LotId = payment.LotId, AccountId = id, Way = ChannelWay.Code, Notify = "" });
            await s.Db.SaveChangesAsync(Ct);
        }
        Assert.Equal(new AccountInUse(), (await SaveAsync(details with { Id = id })).Error);
        Assert.Equal(new AccountInUse(), (await SaveAsync(details with { Id = id, MerchantId = "1900000110", SubMerchantId = "1" })).Error);
        Assert.True((await SaveAsync(details with { Id = id, MerchantId = "1900000110", Name = "Renamed", Enabled = false })).Ok);
    }

    [Fact]
    public async Task What_somebody_else_changed_meanwhile_is_not_written_over()
    {
        var id = (await SaveAsync(details)).Value;
        var seen = ChannelAccountDetails.Of(await AccountAsync(id));
        Assert.True((await SaveAsync(seen with { Priority = 5, Seen = seen })).Ok);
        Assert.Equal("Priority", Assert.Single(Assert.IsType<ChangedMeanwhile>((await SaveAsync(seen with { Priority = 6, Seen = seen })).Error).Fields).Field);
    }

    [Fact]
    public async Task The_lots_account_comes_before_its_companys_before_the_citys_and_then_the_least_priority()
    {
        async Task<string?> OfNorthAsync()
        {
            await using var s = await City.OpenAsync();
            return (await ChannelAccount.OfLotAsync(s, ChannelKind.WeChatPay, City.North.Id, Ct))?.Name;
        }

        Assert.Null(await OfNorthAsync());
        Assert.True((await SaveAsync(details with { Name = "south", LotId = City.South.Id })).Ok);
        Assert.True((await SaveAsync(details with { Name = "south company", CompanyId = City.SouthCompany.Id })).Ok);
        Assert.Null(await OfNorthAsync());
        Assert.True((await SaveAsync(details with { Name = "city 2", Priority = 2 })).Ok);
        Assert.True((await SaveAsync(details with { Name = "city 1", Priority = 1 })).Ok);
        Assert.True((await SaveAsync(details with { Name = "city 0", Priority = 0, Enabled = false })).Ok);
        Assert.Equal("city 1", await OfNorthAsync());
        Assert.True((await SaveAsync(details with { Name = "company", CompanyId = City.NorthCompany.Id, Priority = 9 })).Ok);
        Assert.Equal("company", await OfNorthAsync());
        Assert.True((await SaveAsync(details with { Name = "lot", LotId = City.North.Id, Priority = 99 })).Ok);
        Assert.Equal("lot", await OfNorthAsync());
    }

    static ChannelAccountDetails Alipay(FakeAlipay fake) => fake.Account with { AuthToken = FakeAlipay.AuthToken };

    [Fact]
    public async Task An_account_of_Alipay_holds_what_Alipay_has_and_its_keys_in_one_form()
    {
        await using var fake = await FakeAlipay.StartAsync(platform.Clock);
        var typed = Alipay(fake);
        var id = (await SaveAsync(typed)).Value;
        var (account, secrets) = (await AccountAsync(id), platform.Get<ChannelSecrets>());
        Assert.Equal((ChannelKind.Alipay, FakeAlipay.AppId, FakeAlipay.SellerId, "", ""),
            (account.Kind, account.AppId, account.MerchantId, account.PublicKeyId, account.ApiKey));
        Assert.Equal(FakeAlipay.AuthToken, secrets.Open(id, account.AuthToken));
        Assert.DoesNotContain(FakeAlipay.AuthToken, account.AuthToken);
        Assert.StartsWith("-----BEGIN PUBLIC KEY-----", account.PublicKey);
        Assert.StartsWith("-----BEGIN PRIVATE KEY-----", secrets.Open(id, account.PrivateKey));

        // The kind stays, and so does what is left empty.
        Assert.True((await SaveAsync(ChannelAccountDetails.Of(account) with { Name = "Other", Kind = ChannelKind.WeChatPay })).Ok);
        var after = await AccountAsync(id);
        Assert.Equal((ChannelKind.Alipay, account.AuthToken, account.PrivateKey, account.PublicKey),
            (after.Kind, after.AuthToken, after.PrivateKey, after.PublicKey));
    }

    [Theory, InlineData(false, false), InlineData(false, true), InlineData(true, false), InlineData(true, true)]
    public async Task Keys_are_read_in_every_form_they_are_handed_out_in(bool pkcs1, bool pem)
    {
        await using var fake = await FakeAlipay.StartAsync(platform.Clock);
        using var own = RSA.Create(2048);
        using var theirs = RSA.Create(2048);
        var request = fake.Account with
        {
            PrivateKey = (pkcs1, pem) switch
            {
                (false, false) => Convert.ToBase64String(own.ExportPkcs8PrivateKey()),
                (false, true) => own.ExportPkcs8PrivateKeyPem(),
                (true, false) => Convert.ToBase64String(own.ExportRSAPrivateKey(), Base64FormattingOptions.InsertLineBreaks),
                (true, true) => own.ExportRSAPrivateKeyPem()
            },
            PublicKey = (pkcs1, pem) switch
            {
                (false, false) => Convert.ToBase64String(theirs.ExportSubjectPublicKeyInfo(), Base64FormattingOptions.InsertLineBreaks),
                (false, true) => theirs.ExportSubjectPublicKeyInfoPem(),
                (true, false) => Convert.ToBase64String(theirs.ExportRSAPublicKey()),
                (true, true) => theirs.ExportRSAPublicKeyPem()
            }
        };
        var id = (await SaveAsync(request)).Value;
        var account = await AccountAsync(id);
        Assert.Equal((own.ExportPkcs8PrivateKeyPem(), theirs.ExportSubjectPublicKeyInfoPem()),
            (platform.Get<ChannelSecrets>().Open(id, account.PrivateKey), account.PublicKey));
    }

    public static TheoryData<string, string> WrongOfAlipay => new()
    {
        { "AppId", "" }, { "AppId", "2021-1" }, { "MerchantId", "" }, { "MerchantId", "1900000109" }, { "MerchantId", "2188102146225135" },
        { "PrivateKey", "" }, { "PrivateKey", "MIIE" }, { "PrivateKey", "short" }, { "PublicKey", "" }, { "PublicKey", "no key" },
        { "PublicKey", "own" }, { "AuthToken", "a b" }
    };

    [Theory, MemberData(nameof(WrongOfAlipay))]
    public async Task What_is_wrong_of_Alipay_is_refused(string field, string text)
    {
        await using var fake = await FakeAlipay.StartAsync(platform.Clock);
        var good = Alipay(fake);
        using var small = RSA.Create(1024);
        var request = field switch
        {
            "AppId" => good with { AppId = text },
            "MerchantId" => good with { MerchantId = text },
            "PrivateKey" => good with { PrivateKey = text is "short" ? Convert.ToBase64String(small.ExportPkcs8PrivateKey()) : text },
            "PublicKey" => good with { PublicKey = text is "own" ? FakeAlipay.AppPublicKey : text },
            _ => good with { AuthToken = text }
        };
        Assert.Equal(new InvalidField(field, text.Length == 0 ? "required" : "invalid"), (await SaveAsync(request)).Error);
    }

    [Fact]
    public async Task The_form_asks_for_what_the_chosen_channel_has()
    {
        await using var fake = await FakeAlipay.StartAsync(platform.Clock);
        var id = (await SaveAsync(Alipay(fake))).Value;
        await using var context = new PageContext(platform, await City.SignInAsync(Roles.City));
        var form = context.Render<ChannelForm>(p => p.Add(f => f.Id, id));
        await form.WaitForAssertionAsync(() => Assert.Equal(FakeAlipay.SellerId, form.Find("#MerchantId").GetAttribute("value")));
        Assert.Empty(form.FindAll("#ApiKey"));
        Assert.Single(form.FindAll("#AuthToken"));
        Assert.All(new[] { FakeAlipay.AuthToken, "PRIVATE KEY" }, secret => Assert.DoesNotContain(secret, form.Markup));
        var added = context.Render<ChannelForm>();
        Assert.Single(added.FindAll("#ApiKey"));
        Assert.Empty(added.FindAll("#AuthToken"));
    }
}
