using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Orders;

/// <summary>Pictures of passages, as answers.</summary>
static class PictureAnswer
{
    /// <summary>The picture; 404 where there is none, 503 where the store does not work.</summary>
    public static async Task<IResult> PictureAsync(this HttpContext http, Func<Task<PictureFile?>> find)
    {
        try
        {
            return await find() is var (picture, content) ? http.Image(picture.ContentType, content, $"{picture.Id:N}") : Results.NotFound();
        }
        catch (FileStoreException e)
        {
            http.RequestServices.GetRequiredService<FaultLog>().Failed(http.City()!, "the showing of pictures", e);
            http.Response.Headers.RetryAfter = "10";
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }
}
