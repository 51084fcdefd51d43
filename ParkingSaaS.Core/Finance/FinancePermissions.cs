namespace ParkingSaaS.Core.Finance;

public static class FinancePermissions
{
    /// <summary>See the books: accounts, entries, proofs.</summary>
    public const string Books = "finance.books";

    /// <summary>Prove a day of the books. Also held by the program itself.</summary>
    public const string Prove = "finance.prove";
}
