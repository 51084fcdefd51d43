switch (args)
{
    case ["fees"]:
        return FeesBench.Run();
    default:
        Console.Error.WriteLine("usage: ParkingSaaS.Bench fees");
        return 2;
}
