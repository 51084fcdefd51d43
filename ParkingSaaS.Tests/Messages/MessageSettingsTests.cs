using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Infrastructure;

namespace ParkingSaaS.Tests.Messages;

/// <summary>What a city sets up for its messages: who may, what is refused, what stays secret.</summary>
public sealed class MessageSettingsTests(Cluster cluster) : MessageTest(cluster)
{
    [Theory, InlineData("Text", "required", ""), InlineData("Text", "invalid", "Pay {amount} at {bank}"), InlineData("Text", "invalid", "{until}"),
        InlineData("Template", "invalid", "SMS 1"), InlineData("Subject", "invalid", "Parking")]
    public async Task What_is_wrong_with_a_text_is_refused(string field, string rule, string text)
    {
        var right = Text(MessageScene.PaymentReceived);
        var request = field switch
        {
            "Text" => right with { Text = text },
            "Template" => right with { Template = text },
            _ => right with { Subject = text }
        };
        Assert.Equal(new InvalidField(field, rule), (await saveText.RunAsync(Clerk, request, Ct)).Error);
    }

    [Fact]
    public async Task A_text_names_its_link_only_where_people_can_follow_it()
    {
        var unreachable = new SaveSceneText(platform.Get<CitySessions>(), new MessagePolicy());
        var text = Text(MessageScene.PaymentReceived);
        Assert.Equal(new NoPublicAddress(), (await unreachable.RunAsync(Clerk, text, Ct)).Error);
        Assert.Null((await unreachable.RunAsync(Clerk, text with { Text = "{amount} for {plate}" }, Ct)).Error);
        Assert.Null((await unreachable.RunAsync(Clerk, text with { Enabled = false }, Ct)).Error);
    }

    [Fact]
    public void Every_text_to_begin_with_names_what_its_scene_knows_and_every_place_has_an_example() => Assert.All(SceneKind.All, kind =>
    {
        Assert.Equal(kind, SceneKind.Of(kind.Scene));
        Assert.All([kind.Chinese, kind.English], text => Assert.Empty(SceneKind.PlacesOf(text).Except(kind.Places)));
        Assert.Equal(SceneKind.PlacesOf(kind.Chinese).Order(StringComparer.Ordinal), SceneKind.PlacesOf(kind.English).Order(StringComparer.Ordinal));
        Assert.DoesNotContain('{', SceneKind.Fill(kind.English, SceneKind.Examples));
    });

    [Fact]
    public async Task Whoever_reads_no_language_that_is_said_reads_the_other()
    {
        await SayAsync();
        Assert.Null((await saveText.RunAsync(Clerk, Text(MessageScene.PaymentReceived) with { Language = OwnerLanguage.Chinese, Text = "{plate} 已缴费" },
            Ct)).Error);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        Assert.Null((await day.CashAsync(await day.OrderAsync(), 700)).Error);
        await find.RunAsync(City.Code, Ct);
        Assert.Equal("粤B12345 已缴费", (await MessageAsync()).Text);
    }

    [Fact]
    public async Task Secrets_are_kept_sealed_and_stay_where_nothing_new_is_typed()
    {
        Assert.Null((await SaveAsync(Aliyun)).Error);
        var account = await AccountAsync();
        Assert.Equal(Gateways.FakeAliyunSms.Secret, account.Open(platform.Get<ChannelSecrets>()));
        Assert.DoesNotContain(Gateways.FakeAliyunSms.Secret, account.Secret);
        Assert.DoesNotContain(Gateways.FakeAliyunSms.Secret, Aliyun.ToString());
        Assert.Null((await SaveAsync(Aliyun with { Secret = null, Sender = "停车" })).Error);
        Assert.Equal((account.Secret, "停车"), await AccountAsync() is var after ? (after.Secret, after.Sender) : default);
    }

    async Task<MessageAccount> AccountAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<MessageAccount>().AsNoTracking().SingleAsync(Ct);
    }

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "Sender", "required", "" }, { "User", "required", "" }, { "User", "invalid", "a-b" }, { "Secret", "required", "" },
        { "Mail Sender", "invalid", "parking" }, { "Mail Host", "required", "" }, { "Mail Host", "invalid", "a b" }, { "Mail Port", "invalid", "6379" },
        { "Provider", "invalid", "" }
    };

    [Theory, MemberData(nameof(Wrong))]
    public async Task What_is_wrong_with_an_account_is_refused(string field, string rule, string text)
    {
        var request = field switch
        {
            "Sender" => Aliyun with { Sender = text },
            "User" => Aliyun with { User = text },
            "Secret" => Aliyun with { Secret = text },
            "Mail Sender" => Smtp with { Sender = text },
            "Mail Host" => Smtp with { Host = text },
            "Mail Port" => Smtp with { Port = int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) },
            _ => Aliyun with { Way = MessageWay.Mail }
        };
        var refused = Assert.IsType<InvalidField>((await SaveAsync(request)).Error);
        Assert.Equal(new InvalidField(field.Split(' ')[^1], rule), refused);
    }

    [Fact]
    public async Task Rules_are_held_within_bounds()
    {
        var right = MessageRulesDetails.Of(new MessageRules(), Currency.Yuan);
        var save = platform.Get<SaveMessageRules>();
        Assert.Null((await save.RunAsync(Clerk, right with { Seen = right }, Ct)).Error);
        foreach (var (field, wrong) in new[]
        {
            ("QuietFrom", right with { QuietFrom = null }), ("MostPerDay", right with { MostPerDay = 0 }),
            ("SecondAfterDays", right with { SecondAfterDays = 3 }), ("LastAfterDays", right with { LastAfterDays = 10 }),
            ("AtLeast", right with { AtLeast = 0.001m }), ("MostPerMonth", right with { MostPerMonth = 11 })
        })
            Assert.Equal(field, Assert.IsType<InvalidField>((await save.RunAsync(Clerk, wrong, Ct)).Error).Field);
        Assert.Null((await save.RunAsync(Clerk, right with { MostPerDay = 5 }, Ct)).Error);
        Assert.IsType<ChangedMeanwhile>((await save.RunAsync(Clerk, right with { MostPerDay = 7, Seen = right }, Ct)).Error);
    }

    [Fact]
    public async Task Only_the_whole_citys_administrators_set_up_and_see_messages()
    {
        await PaidAsync();
        await Assert.ThrowsAsync<AccessDeniedException>(() => SaveAsync(Aliyun, City.User(MessagePermissions.View)));
        var restricted = City.RestrictedTo(City.North, MessagePermissions.Manage, MessagePermissions.View);
        Assert.Equal(new NotFound("message-account"), (await SaveAsync(Aliyun, restricted)).Error);
        Assert.Equal(new NotFound("message-scene"), (await saveText.RunAsync(restricted, Text(MessageScene.RefundPaid), Ct)).Error);
        Assert.Equal(new NotFound("message-rules"),
            (await platform.Get<SaveMessageRules>().RunAsync(restricted, MessageRulesDetails.Of(new MessageRules(), Currency.Yuan), Ct)).Error);
        await using var s = await platform.Get<CitySessions>().OpenAsync(restricted, MessagePermissions.View, Ct);
        Assert.Empty(await s.Db.Set<Message>().ToListAsync(Ct));
        Assert.Empty(await s.Db.Set<MessageAccount>().ToListAsync(Ct));
    }
}
