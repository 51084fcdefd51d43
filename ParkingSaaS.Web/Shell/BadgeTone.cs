namespace ParkingSaaS.Web.Shell;

/// <summary>How good or bad what a badge says is.</summary>
public enum BadgeTone
{
    Light,
    Info,
    Success,
    Warning,
    Danger
}
