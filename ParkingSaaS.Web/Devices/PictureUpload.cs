using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;
using ParkingSaaS.Core.Cluster;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Devices;
using ParkingSaaS.Web.Shell;

namespace ParkingSaaS.Web.Devices;

/// <summary>Takes pictures from devices, as <c>docs/device-protocol.md</c> tells their makers. A device signs in with each one, by HTTP Basic
/// with what it has for MQTT; the secret is looked at before the body is. The security log gets refusals only, for a line a picture would drown it.</summary>
sealed class PictureUpload(DeviceDoor door, AddPicture add, PicturePolicy policy, TimeProvider clock, FaultLog faults, SecurityLog log)
{
    const string What = "the keeping of pictures";

    /// <summary>As many lie in memory at a time as a small machine bears.</summary>
    const int AtOnce = 16;

    /// <summary>A picture that takes longer to come is given up.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    readonly SemaphoreSlim room = new(AtOnce);
    readonly Tally sent = new(TimeSpan.FromMinutes(1), clock);

    /// <summary>201 where the picture is new, 200 where it was here already; otherwise a code that says what was wrong.</summary>
    public async Task<IResult> PutAsync(HttpContext http, string name)
    {
        if (Credential(http) is not { } credential)
            return Unauthorized(http);
        var (device, reason) = await door.OpenAsync(credential, http.RequestAborted);
        if (device is null)
            return reason switch
            {
                DoorRefusal.TooOften => Refuse(http, StatusCodes.Status429TooManyRequests, "too-many-wrong-secrets", retryAfter: 60),
                DoorRefusal.Unavailable => Refuse(http, StatusCodes.Status503ServiceUnavailable, "unavailable", retryAfter: 10),
                _ => Unauthorized(http)
            };
        var count = sent.Add($"{device.City} {device.Id}");
        if (count == policy.PerMinute + 1) // once, however many follow
            log.Write(SecurityEvent.RateLimited, device.City, http.Address(), device.Id.ToString(), "pictures");
        if (count > policy.PerMinute)
            return Refuse(http, StatusCodes.Status429TooManyRequests, "too-many-pictures", retryAfter: 60);
        if (!room.Wait(0))
            return Refuse(http, StatusCodes.Status503ServiceUnavailable, "busy", retryAfter: 1);
        try
        {
            return await KeepAsync(http, device, name);
        }
        finally
        {
            room.Release();
        }
    }

    async Task<IResult> KeepAsync(HttpContext http, SignedInDevice device, string name)
    {
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = policy.MaxBytes;
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, patience.Token);
        using var file = new MemoryStream();
        try
        {
            await http.Request.Body.CopyToAsync(file, either.Token);
            var result = await add.RunAsync(device, name, file.GetBuffer().AsMemory(0, (int)file.Length), http.RequestAborted);
            faults.Worked(device.City, What);
            return result.Error switch
            {
                null => Results.StatusCode(result.Value ? StatusCodes.Status201Created : StatusCodes.Status200OK),
                NotAPicture => Refuse(http, StatusCodes.Status415UnsupportedMediaType, "not-a-picture"),
                PictureNameTaken => Refuse(http, StatusCodes.Status409Conflict, "name-taken"),
                _ => Refuse(http, StatusCodes.Status400BadRequest, "bad-name")
            };
        }
        catch (BadHttpRequestException e)
        {
            return Refuse(http, e.StatusCode, e.StatusCode is StatusCodes.Status413PayloadTooLarge ? "too-large" : "malformed");
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            return Refuse(http, StatusCodes.Status408RequestTimeout, "too-slow");
        }
        catch (Exception e) when (!http.RequestAborted.IsCancellationRequested && (e is FileStoreException || FaultLog.IsOfDatabase(e)))
        {
            faults.Failed(device.City, What, e);
            return Refuse(http, StatusCodes.Status503ServiceUnavailable, "unavailable", retryAfter: 10);
        }
    }

    /// <summary>What the device shows; null where it is none, or is of another city than the address.</summary>
    static DeviceCredential? Credential(HttpContext http)
    {
        if (!AuthenticationHeaderValue.TryParse(http.Request.Headers.Authorization, out var header)
            || !header.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) || header.Parameter is not { } parameter)
            return null;
        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length)
            || Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2) is not [var user, var secret]
            || http.City() is not { } city || !user.StartsWith(city + "/", StringComparison.Ordinal))
            return null;
        return new DeviceCredential(user, secret, null, http.Address(), ClientAddress.Key(http.Connection.RemoteIpAddress));
    }

    static IResult Unauthorized(HttpContext http)
    {
        http.Response.Headers.WWWAuthenticate = "Basic realm=\"ParkingSaaS\", charset=\"UTF-8\"";
        return Refuse(http, StatusCodes.Status401Unauthorized, "wrong-secret");
    }

    static IResult Refuse(HttpContext http, int status, string error, int? retryAfter = null)
    {
        if (retryAfter is { } seconds)
            http.Response.Headers.RetryAfter = $"{seconds}";
        return Results.Json(new { error }, statusCode: status);
    }
}
