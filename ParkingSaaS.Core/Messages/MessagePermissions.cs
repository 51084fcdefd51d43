namespace ParkingSaaS.Core.Messages;

public static class MessagePermissions
{
    /// <summary>See what drivers were told, with their numbers masked.</summary>
    public const string View = "messages.view";

    /// <summary>Set up what is said in which scene, by which accounts and when.</summary>
    public const string Manage = "messages.manage";

    /// <summary>Remind cars of their arrears before the program does.</summary>
    public const string Remind = "messages.remind";

    /// <summary>Read what the holder of a message's link was told, and decline more of it: drivers.</summary>
    public const string Told = "messages.told";

    /// <summary>Find what is to be told, send it, and delete what was kept for long enough. Held by the program itself.</summary>
    public const string Send = "messages.send";
}
