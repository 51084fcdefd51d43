using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Messages;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Tests.Gateways;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;

namespace ParkingSaaS.Tests.Messages;

/// <summary>Tests of messages: with Aliyun and a mail server outside, and a car whose owner can be reached by both.</summary>
public abstract class MessageTest(Cluster cluster) : DayTest(cluster)
{
    protected const string Car = "粤B12345", Phone = "13800000001", Mail = "li@example.org";

    protected FakeAliyunSms sms = null!;
    protected FakeSmtp mails = null!;
    protected SendMessages send = null!;
    protected FindMessages find = null!;
    protected Dunning dunning = null!;
    protected SaveSceneText saveText = null!;
    protected MessagePolicy policy = null!;

    protected Actor Clerk => field ??= City.User(MessagePermissions.Manage, MessagePermissions.Remind, MessagePermissions.View);

    protected override async Task PrepareAsync()
    {
        sms = Own(await FakeAliyunSms.StartAsync(platform.Clock));
        mails = Own(new FakeSmtp());
        policy = new MessagePolicy { Address = new Uri("https://parking.example.org"), Aliyun = sms.Address, MailPorts = [mails.Port] };
        var (sessions, secrets) = (platform.Get<CitySessions>(), platform.Get<ChannelSecrets>());
        send = new SendMessages(sessions,
        [
            new ShowOnly(), Own(new AliyunSms(policy, secrets, platform.Clock, NullLogger<AliyunSms>.Instance)),
            new SmtpMail(policy, secrets, platform.Clock, NullLogger<SmtpMail>.Instance)
        ], policy, platform.Clock, NullLogger<SendMessages>.Instance);
        var write = new WriteMessages(platform.Get<CityNames>(), policy);
        (find, dunning, saveText) = (new FindMessages(sessions, write), new Dunning(sessions, write), new SaveSceneText(sessions, policy));
        Assert.Null((await platform.Get<SaveOwner>().RunAsync(City.User(VehiclePermissions.ManageOwners),
            new OwnerDetails(null, Phone, "Li", null, OwnerLanguage.English, [new OwnerPlateDetails(Car)]) { Mail = Mail }, Ct)).Error);
    }

    protected MessageAccountDetails Aliyun => new(MessageWay.Sms, MessageProvider.Aliyun, Enabled: true, FakeAliyunSms.Sign, FakeAliyunSms.KeyId, null, null,
        MailSecurity.Tls)
    {
        Secret = FakeAliyunSms.Secret
    };

    protected MessageAccountDetails Smtp => new(MessageWay.Mail, MessageProvider.Smtp, Enabled: true, "parking@example.org", FakeSmtp.User, "127.0.0.1",
        mails.Port, MailSecurity.None)
    {
        Secret = FakeSmtp.Password
    };

    protected Task<Result<Done>> SaveAsync(MessageAccountDetails request, Actor? by = null) => new SaveMessageAccount(platform.Get<CitySessions>(),
        platform.Get<ChannelSecrets>(), policy, platform.Get<SecurityLog>()).RunAsync(by ?? Clerk, request, Ct);

    protected static SceneTextDetails Text(MessageScene scene, MessageWay way = MessageWay.Sms) => new(scene, way, OwnerLanguage.English, Enabled: true,
        SceneKind.Of(scene).English, way is MessageWay.Mail ? "Parking {plate}" : null, way is MessageWay.Sms ? "SMS_1" : null);

    /// <summary>The city says it, by short messages.</summary>
    protected async Task SayAsync(params IReadOnlyList<MessageScene> scenes)
    {
        Assert.Null((await SaveAsync(Aliyun)).Error);
        foreach (var scene in scenes)
            Assert.Null((await saveText.RunAsync(Clerk, Text(scene), Ct)).Error);
    }

    /// <summary>The car leaves without paying ¥7.00.</summary>
    protected async Task OweAsync(double minute = 0, string plate = Car)
    {
        await day.EnterAsync(plate, minute);
        await day.LeaveAsync(plate, minute + 61);
        day.Until(minute + 190);
        Assert.True((await platform.Get<CloseWaiting>().RunAsync(City.Code, Ct)).Ok);
    }

    /// <summary>The car pays ¥7.00 at the exit, and its owner is to be told.</summary>
    protected async Task PaidAsync()
    {
        await SayAsync(MessageScene.PaymentReceived);
        await day.EnterAsync(Car, 0);
        await day.LeaveAsync(Car, 61);
        Assert.Null((await day.CashAsync(await day.OrderAsync(), 700)).Error);
        Assert.Equal(1, await find.RunAsync(City.Code, Ct));
    }

    protected async Task<List<Message>> MessagesAsync()
    {
        await using var s = await City.OpenAsync();
        return [.. (await s.Db.Set<Message>().AsNoTracking().ToListAsync(Ct)).OrderBy(m => m.CreatedAt).ThenBy(m => m.Scene)];
    }

    protected async Task<Message> MessageAsync() => Assert.Single(await MessagesAsync());

    protected Task<int> SendAsync() => send.RunAsync(City.Code, Ct);

    /// <summary>Time goes on, and the job has its turn.</summary>
    protected Task<int> LaterAsync(TimeSpan by)
    {
        platform.Clock.Advance(by);
        return SendAsync();
    }

    protected async Task IsAsync(MessageState state, string? problem = null) =>
        Assert.Equal((state, problem), await MessageAsync() is var m ? (m.State, m.Problem) : default);
}
