namespace ParkingSaaS.Core.Service;

public static class ServicePermissions
{
    /// <summary>File an appeal and read its answer, as the driver.</summary>
    public const string Appeal = "service.appeal";

    /// <summary>See appeals.</summary>
    public const string View = "service.view";

    /// <summary>Answer appeals. What is done to the order takes the right to do that besides.</summary>
    public const string Decide = "service.decide";
}
