using ParkingSaaS.Bench.Faults;

switch (args)
{
    case ["fees"]:
        return FeesBench.Run();
    case ["ingest"]:
        return await IngestBench.RunAsync();
    case ["what-if", .. var orders]:
        return await WhatIfBench.RunAsync(orders is [var count] ? int.Parse(count, System.Globalization.CultureInfo.InvariantCulture) : 1_000_000);
    case ["faults", .. var options]:
        return await FaultsBench.RunAsync(options);
    case ["mqtt", .. var wishes]:
        return await MqttBench.RunAsync(wishes);
    case ["broker", .. var options]:
        return await BrokerBench.RunAsync(options);
    default:
        Console.Error.WriteLine("usage: ParkingSaaS.Bench fees | ingest | what-if [orders] | mqtt [rate] [wait] [memory] [rounds] | faults [--minutes N] [--seed S] [--rate R] | broker --port P [--ws-port W] [--tls-port T]");
        return 2;
}
