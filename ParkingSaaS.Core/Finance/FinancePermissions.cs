namespace ParkingSaaS.Core.Finance;

public static class FinancePermissions
{
    /// <summary>See the books: accounts, entries, proofs.</summary>
    public const string Books = "finance.books";

    /// <summary>Prove a day of the books. Also held by the program itself.</summary>
    public const string Prove = "finance.prove";

    /// <summary>Close a month of the books.</summary>
    public const string Close = "finance.close";

    /// <summary>See how takings are shared out, and statements.</summary>
    public const string Clearing = "finance.clearing";

    /// <summary>Say who gets how much, make statements, pay them out.</summary>
    public const string Clear = "finance.clear";

    /// <summary>See reviews: of what is paid back or written off.</summary>
    public const string Reviews = "finance.reviews";

    /// <summary>Ask that money be paid back or arrears written off.</summary>
    public const string Ask = "finance.ask";

    /// <summary>Decide about reviews as customer service.</summary>
    public const string ReviewAsService = "finance.review-service";

    /// <summary>Decide about reviews as finance.</summary>
    public const string ReviewAsFinance = "finance.review-finance";

    /// <summary>Decide about reviews as the city's management.</summary>
    public const string ReviewAsManagement = "finance.review-management";

    /// <summary>Say who has to look at reviews.</summary>
    public const string Chains = "finance.chains";
}
