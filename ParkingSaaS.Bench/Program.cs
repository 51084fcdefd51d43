using ParkingSaaS.Bench.Faults;

switch (args)
{
    case ["fees"]:
        return FeesBench.Run();
    case ["ingest"]:
        return await IngestBench.RunAsync();
    case ["exits"]:
        return await ExitsBench.RunAsync();
    case ["books", .. var entries]:
        return await BooksBench.RunAsync(Number(entries, otherwise: 10_000_000));
    case ["devices", .. var number]:
        return await DevicesBench.RunAsync(Number(number, otherwise: 5000));
    case ["cities", .. var number]:
        return await CitiesBench.RunAsync(Number(number, otherwise: 100));
    case ["what-if", .. var orders]:
        return await WhatIfBench.RunAsync(Number(orders, otherwise: 1_000_000));
    case ["search", .. var orders]:
        return await SearchBench.RunAsync(Number(orders, otherwise: 1_000_000));
    case ["pages"]:
        return await PagesBench.RunAsync();
    case ["circuits", .. var number]:
        return await CircuitsBench.RunAsync(Number(number, otherwise: 500));
    case ["faults", .. var options]:
        return await FaultsBench.RunAsync(options);
    case ["mqtt", .. var wishes]:
        return await MqttBench.RunAsync(wishes);
    case ["broker", .. var options]:
        return await BrokerBench.RunAsync(options);
    default:
        Console.Error.WriteLine("usage: ParkingSaaS.Bench fees | ingest | exits | books [entries] | devices [number] | cities [number] | what-if [orders]"
            + " | search [orders] | pages | circuits [number] | mqtt [rate] [wait] [memory] [rounds]"
            + " | faults [--minutes N] [--seed S] [--rate R] | broker --port P [--ws-port W] [--tls-port T]");
        return 2;
}

static int Number(string[] given, int otherwise) => given is [var text] ? int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) : otherwise;
