using ParkingSaaS.Web.Hosting;

namespace ParkingSaaS.Web.Shell;

/// <summary>What a folder brings to the program besides its pages, in one class; the start finds them all.</summary>
interface IWebSlice
{
    /// <summary>Its pages in the menu.</summary>
    IEnumerable<MenuItem> Menu => [];

    /// <summary>Registers its services.</summary>
    void AddServices(IServiceCollection services, Settings settings) { }

    /// <summary>Adds its addresses that are no pages. Each says who may call it.</summary>
    void MapEndpoints(IEndpointRouteBuilder app) { }
}
