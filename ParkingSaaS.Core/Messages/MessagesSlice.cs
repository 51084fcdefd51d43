using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;

namespace ParkingSaaS.Core.Messages;

/// <summary>What people outside are told, by short messages and mail.</summary>
sealed class MessagesSlice : ISlice
{
    public void AddServices(IServiceCollection services)
    {
        // Unless the host has settings.
        services.TryAddSingleton(new MessagePolicy());
        services.AddPermission(MessagePermissions.View, Roles.City)
            .AddPermission(MessagePermissions.Manage, Roles.City)
            .AddPermission(MessagePermissions.Remind, Roles.City)
            .AddSingleton<SaveMessageAccount>()
            .AddSingleton<SaveSceneText>()
            .AddSingleton<SaveMessageRules>()
            .AddSingleton<SendTestMessage>()
            .AddSingleton<IMessageWay, ShowOnly>()
            .AddSingleton<IMessageWay, AliyunSms>()
            .AddSingleton<IMessageWay, SmtpMail>()
            .AddSingleton<WriteMessages>()
            .AddSingleton<FindMessages>()
            .AddSingleton<Dunning>()
            .AddSingleton<SendMessages>()
            .AddSingleton<ToldMessages>();
    }
}
