switch (args)
{
    case ["fees"]:
        return FeesBench.Run();
    case ["ingest"]:
        return await IngestBench.RunAsync();
    default:
        Console.Error.WriteLine("usage: ParkingSaaS.Bench fees | ingest");
        return 2;
}
