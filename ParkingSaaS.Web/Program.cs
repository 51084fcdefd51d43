using System.Runtime.InteropServices;
using ParkingSaaS.Web.Hosting;
using ParkingSaaS.Web.Node;

// From the first moment on, and not only once the host runs: a stop during the start ends the database too.
using var stop = new CancellationTokenSource();
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);

try
{
    if (BackupCommand.Of(args) is { } command)
    {
        await command.RunAsync(Console.Out, stop.Token);
        return 0;
    }
    if (args is ["reset-admin", .. var options])
    {
        var file = await ParkingHost.ResetAdministratorAsync(options, stop.Token);
        Console.WriteLine($"The platform's administrator has a new password and is signed out everywhere. It is in {file}");
        return 0;
    }
    await using (var host = await ParkingHost.StartAsync(args, null, stop.Token))
    {
        host.App.Services.GetRequiredService<StartBlock>().Write(Console.Out);
        await host.WaitForStopAsync(stop.Token);
    }
    // Where nobody told it to stop a fault did, and whoever watches over the program is to start it again.
    return stop.IsCancellationRequested ? 0 : 1;
}
catch (StartUpException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
catch (Exception) when (stop.IsCancellationRequested)
{
    return 0;
}
