namespace ParkingSaaS.Web.Shell;

/// <summary>What a form calls its fields, by the names that the use case gives them.</summary>
public sealed class FieldLabels : Dictionary<string, string>;
