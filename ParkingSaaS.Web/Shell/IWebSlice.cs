using ParkingSaaS.Web.Node;

namespace ParkingSaaS.Web.Shell;

/// <summary>What a folder brings to the program besides its pages, in one class; the start finds them all.</summary>
interface IWebSlice
{
    IEnumerable<MenuItem> Menu => [];

    void AddServices(IServiceCollection services, Settings settings) { }

    /// <summary>Adds its addresses that are no pages. Each says who may call it.</summary>
    void MapEndpoints(IEndpointRouteBuilder app) { }
}
