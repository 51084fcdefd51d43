Console.Error.WriteLine("usage: ParkingSaaS.Bench <benchmark>");
return 2;
