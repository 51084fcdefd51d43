switch (args)
{
    case ["fees"]:
        return FeesBench.Run();
    case ["ingest"]:
        return await IngestBench.RunAsync();
    case ["mqtt", .. var wishes]:
        return await MqttBench.RunAsync(wishes);
    case ["broker", .. var options]:
        return await BrokerBench.RunAsync(options);
    default:
        Console.Error.WriteLine("usage: ParkingSaaS.Bench fees | ingest | mqtt [rate] [wait] [memory] [rounds] | broker --port P [--ws-port W] [--tls-port T]");
        return 2;
}
