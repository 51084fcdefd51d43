namespace ParkingSaaS.Core.Reports;

public static class ReportPermissions
{
    /// <summary>See today's figures on the home page.</summary>
    public const string Home = "reports.home";

    /// <summary>See and take away the income reports.</summary>
    public const string Income = "reports.income";

    /// <summary>Replay past orders under another tariff, and see what would have come in.</summary>
    public const string WhatIf = "reports.what-if";
}
