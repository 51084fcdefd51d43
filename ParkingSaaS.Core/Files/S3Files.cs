using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace ParkingSaaS.Core.Files;

/// <summary>Where an S3-compatible store is, and how we sign in to it.</summary>
/// <param name="Endpoint">Its address without the bucket.</param>
/// <param name="Bucket">The bucket, which must be there.</param>
/// <param name="Region">As the store names it; it is part of what is signed.</param>
public sealed record S3Place(Uri Endpoint, string Bucket, string Region, string AccessKey, string SecretKey);

/// <summary>Files in a store that speaks Amazon's S3. What only some such stores know is left out: check values in trailers, buckets as host
/// names, deleting many objects at once.</summary>
public sealed class S3Files(S3Place place) : IFileStore, IDisposable
{
    readonly AmazonS3Client client = new(new BasicAWSCredentials(place.AccessKey, place.SecretKey), new AmazonS3Config
    {
        ServiceURL = place.Endpoint.ToString(),
        AuthenticationRegion = place.Region,
        ForcePathStyle = true,
        Timeout = TimeSpan.FromSeconds(20),
        MaxErrorRetry = 2,
        RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
        ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED
    });

    /// <inheritdoc/>
    public Task SaveAsync(string key, ReadOnlyMemory<byte> content, CancellationToken ct) => TryAsync(async () =>
    {
        using var body = new MemoryStream(content.ToArray());
        return await client.PutObjectAsync(new PutObjectRequest
        {
            BucketName = place.Bucket,
            Key = key,
            InputStream = body,
            UseChunkEncoding = false
        }, ct);
    }, ct);

    /// <inheritdoc/>
    public Task<byte[]?> ReadAsync(string key, CancellationToken ct) => TryAsync<byte[]?>(async () =>
    {
        try
        {
            using var found = await client.GetObjectAsync(place.Bucket, key, ct);
            using var content = new MemoryStream();
            await found.ResponseStream.CopyToAsync(content, ct);
            return content.ToArray();
        }
        catch (AmazonS3Exception e) when (e is { StatusCode: HttpStatusCode.NotFound, ErrorCode: "NoSuchKey" })
        {
            return null;
        }
    }, ct);

    /// <inheritdoc/>
    public Task DeleteAsync(string key, CancellationToken ct) => TryAsync(() => client.DeleteObjectAsync(place.Bucket, key, ct), ct);

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> FoldersAsync(string folder, CancellationToken ct) => TryAsync<IReadOnlyList<string>>(async () =>
    {
        var below = folder + "/";
        var names = new List<string>();
        await foreach (var name in client.Paginators.ListObjectsV2(new ListObjectsV2Request
        {
            BucketName = place.Bucket,
            Prefix = below,
            Delimiter = "/"
        }).CommonPrefixes.WithCancellation(ct))
            names.Add(name[below.Length..^1]);
        return names;
    }, ct);

    /// <inheritdoc/>
    public Task DeleteFolderAsync(string folder, CancellationToken ct) => TryAsync(async () =>
    {
        await foreach (var file in client.Paginators.ListObjectsV2(new ListObjectsV2Request
        {
            BucketName = place.Bucket,
            Prefix = folder + "/"
        }).S3Objects.WithCancellation(ct))
            await client.DeleteObjectAsync(place.Bucket, file.Key, ct);
        return true;
    }, ct);

    /// <inheritdoc/>
    public void Dispose() => client.Dispose();

    /// <summary>The client throws its own exceptions, the network's and, past its timeout, a cancellation that nobody asked for.</summary>
    static async Task<T> TryAsync<T>(Func<Task<T>> act, CancellationToken ct)
    {
        try
        {
            return await act();
        }
        catch (Exception e) when (!ct.IsCancellationRequested && e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
            or OperationCanceledException)
        {
            throw new FileStoreException(e);
        }
    }
}
