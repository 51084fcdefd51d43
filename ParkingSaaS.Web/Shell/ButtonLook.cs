namespace ParkingSaaS.Web.Shell;

/// <summary>What a button looks like, which says what it does.</summary>
public enum ButtonLook
{
    /// <summary>One thing of several that can be done here.</summary>
    Plain,

    /// <summary>What people come here for: one on a page or in a dialog.</summary>
    Main,

    /// <summary>Agrees, takes money, publishes.</summary>
    Good,

    /// <summary>Does what needs care, such as opening a gate by hand.</summary>
    Careful,

    /// <summary>Takes something away.</summary>
    Danger,

    /// <summary>Without a frame, among others.</summary>
    Quiet,

    /// <summary>Takes something away, among others.</summary>
    QuietDanger
}
