switch (args)
{
    case ["fees"]:
        return FeesBench.Run();
    case ["ingest"]:
        return await IngestBench.RunAsync();
    case ["mqtt", .. var parts]:
        return await MqttBench.RunAsync(parts);
    case ["broker", .. var options]:
        return await BrokerBench.RunAsync(options);
    default:
        Console.Error.WriteLine("usage: ParkingSaaS.Bench fees | ingest | mqtt [rate] [wait] [memory] | broker --port P [--ws-port W] [--tls-port T]");
        return 2;
}
