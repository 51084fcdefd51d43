namespace ParkingSaaS.Web.Shell;

/// <summary>Images that people or devices gave us, as answers.</summary>
static class ImageAnswer
{
    /// <summary>What <see cref="Core.Files.ImageFile"/> has read: shown in place, as nothing but that type (every answer says <c>nosniff</c>). Its bytes
    /// never change, so the browser keeps it for an hour; no longer, because it may be deleted.</summary>
    /// <param name="type">Such as <c>image/png</c>.</param>
    /// <param name="content">The file.</param>
    /// <param name="name">What it is called where somebody keeps it, without an ending; letters, digits and dashes.</param>
    public static IResult Image(this HttpContext http, string type, byte[] content, string name)
    {
        http.Response.Headers.CacheControl = "private, max-age=3600";
        http.Response.Headers.ContentDisposition = $"inline; filename=\"{name}.{type["image/".Length..]}\"";
        return Results.Bytes(content, type);
    }
}
