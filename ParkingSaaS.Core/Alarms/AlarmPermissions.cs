namespace ParkingSaaS.Core.Alarms;

public static class AlarmPermissions
{
    /// <summary>See alarms within reach, and what the rules are.</summary>
    public const string View = "alarms.view";

    /// <summary>Say that one takes care of an alarm.</summary>
    public const string Acknowledge = "alarms.acknowledge";

    /// <summary>Change the city's rules; takes somebody who sees all of it.</summary>
    public const string Manage = "alarms.manage";

    /// <summary>Raise and end alarms. Held by the program itself.</summary>
    public const string Watch = "alarms.watch";
}
