using Microsoft.Extensions.DependencyInjection;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Finance.Clearing;
using ParkingSaaS.Core.Names;
using ParkingSaaS.Core.Orders;

namespace ParkingSaaS.Core.Finance;

sealed class FinanceSlice : ISlice
{
    public void AddServices(IServiceCollection services) => services
        .AddPermission(FinancePermissions.Books, Roles.City, Roles.District, Roles.Company)
        .AddPermission(FinancePermissions.Prove, Roles.City)
        .AddPermission(FinancePermissions.Close, Roles.City)
        .AddPermission(FinancePermissions.Clearing, Roles.City)
        .AddPermission(FinancePermissions.Clear, Roles.City)
        .AddPermission(FinancePermissions.Reviews, Roles.City, Roles.District, Roles.Company, Roles.Staff)
        .AddPermission(FinancePermissions.Ask, Roles.City, Roles.Company, Roles.Staff)
        .AddPermission(FinancePermissions.ReviewAsService, Roles.City, Roles.Company, Roles.Staff)
        .AddPermission(FinancePermissions.ReviewAsFinance, Roles.City, Roles.Company)
        .AddPermission(FinancePermissions.ReviewAsManagement, Roles.City)
        .AddPermission(FinancePermissions.Chains, Roles.City)
        .AddNames("party", s => s.Db.Set<Party>().Select(p => p.Name))
        .AddSingleton<AskReview>()
        .AddSingleton<DecideReview>()
        .AddSingleton<IStruckOut, DropReviews>()
        .AddSingleton<SaveReviewChain>()
        .AddSingleton<ProveBooks>()
        .AddSingleton<CloseMonth>()
        .AddSingleton<BookQueries>()
        .AddSingleton<SaveParty>()
        .AddSingleton<SaveAgreement>()
        .AddSingleton<MakeClearing>()
        .AddSingleton<PayOutStatement>()
        .AddSingleton<VoidClearing>();
}
