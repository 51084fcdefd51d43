namespace ParkingSaaS.Web.Shell;

/// <summary>The inputs of a form in which something stands that is no value: nothing is saved while there are any.</summary>
public sealed class WrongInputs
{
    readonly HashSet<object> all = [];

    /// <summary>There is one.</summary>
    public bool Any => all.Count > 0;

    /// <summary>An input says how it is.</summary>
    public void Set(object input, bool wrong)
    {
        if (wrong)
            all.Add(input);
        else
            all.Remove(input);
    }
}
