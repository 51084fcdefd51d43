using System.Globalization;
using Bunit;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Web.Devices;

namespace ParkingSaaS.Tests.Devices;

/// <summary>What is said of how far a command has come.</summary>
public sealed class CommandBadgeTests
{
    static readonly DateTimeOffset Now = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(CommandState.Executed, "Done")]
    [InlineData(CommandState.Failed, "Failed jammed")]
    public async Task A_device_is_quoted_where_it_says_why_it_failed(CommandState state, string words)
    {
        CultureInfo.CurrentUICulture = new CultureInfo("en");
        await using var context = new PageContext();
        var command = new DeviceCommand
        {
            Id = Guid.CreateVersion7(),
            LotId = Guid.CreateVersion7(),
            DeviceId = Guid.CreateVersion7(),
            Type = DeviceCommand.OpenGate,
            By = "ann",
            CreatedAt = Now,
            ExpiresAt = Now + DeviceCommand.Validity,
            State = state,
            ReplyCode = state is CommandState.Executed ? "done" : "jammed"
        };
        var badge = context.Render<CommandBadge>(p => p.Add(x => x.Command, command).Add(x => x.Now, Now));
        Assert.Equal(words, badge.Markup.Replace(badge.Find(".badge").OuterHtml, badge.Find(".badge").TextContent, StringComparison.Ordinal).Trim());
    }
}
