using Microsoft.EntityFrameworkCore;
using ParkingSaaS.Core.Common;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Live;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;

namespace ParkingSaaS.Core.Service;

/// <summary>An appeal as a driver files it.</summary>
/// <param name="Id">Made up by the page, so that a second click is the same appeal.</param>
/// <param name="Text">At most 500 characters; wanted where the reason is <see cref="AppealReason.Other"/>.</param>
/// <param name="Phone">A number at which the driver can be reached.</param>
/// <param name="Photos">JPEG, PNG or WebP, at most three of <see cref="FileAppeal.MaxBytes"/>.</param>
public sealed record AppealRequest(Guid Id, Guid OrderId, AppealReason Reason, string? Text, string? Phone, IReadOnlyList<byte[]> Photos);

/// <summary>Files an appeal about a stay. One is open at a time; while it is, nobody duns for the stay (<see cref="AppealedOrders"/>).</summary>
public sealed class FileAppeal(CitySessions sessions, LiveFeed live)
{
    /// <summary>The largest picture, in bytes: a phone's.</summary>
    public const int MaxBytes = 8 << 20;

    /// <summary>The caller has made sure that the stay is the driver's.</summary>
    public async Task<Result<Done>> RunAsync(Actor actor, AppealRequest request, CancellationToken ct)
    {
        var images = request.Photos.Select(p => p.Length > MaxBytes ? null : ImageFile.Read(p)).ToList();
        if (Check.All(
                Check.That(Enum.IsDefined(request.Reason), nameof(request.Reason), "invalid"),
                request.Reason is AppealReason.Other ? Check.Required(nameof(request.Text), request.Text, Appeal.MaxText)
                    : Check.Optional(nameof(request.Text), request.Text, Appeal.MaxText),
                Check.That(Phone.Normalize(request.Phone) is not null, nameof(request.Phone), "invalid"),
                Check.Most(nameof(request.Photos), request.Photos.Count, Appeal.MaxPhotos),
                Check.That(request.Photos.All(p => p.Length <= MaxBytes), nameof(request.Photos), "too-long", "photo-size"),
                Check.That(!images.Contains(null), nameof(request.Photos), "invalid", "photos")) is { } invalid)
            return invalid;
        return await TakePayment.RaceAsync(() => FileAsync(actor, request, images!, ct));
    }

    async Task<Result<Done>> FileAsync(Actor actor, AppealRequest request, List<ImageFile> images, CancellationToken ct)
    {
        await using var s = await sessions.OpenAsync(actor, ServicePermissions.Appeal, ct);
        if (await s.Db.Set<Order>().AsNoTracking().FirstOrDefaultAsync(o => o.Id == request.OrderId, ct) is not { } order)
            return new NotFound("order");
        if (await s.Db.Set<Appeal>().AsNoTracking().FirstOrDefaultAsync(a => a.Id == request.Id, ct) is { } known)
            return known.OrderId == order.Id ? new Done() : new NotFound("appeal");
        if (order.Receivable == Money.Zero && order.Received == Money.Zero)
            return new NothingToAppeal();
        if (await AppealedOrders.Of(s).ContainsAsync(order.Id, ct))
            return new AppealOpen();
        s.Db.Add(new Appeal
        {
            Id = request.Id,
            LotId = order.LotId,
            OrderId = order.Id,
            Reason = request.Reason,
            Text = request.Text?.Trim() ?? "",
            Phone = Phone.Normalize(request.Phone)!,
            FiledAt = s.Now
        });
        s.Db.AddRange(images.Select(image => new AppealPhoto
        {
            Id = Guid.CreateVersion7(),
            LotId = order.LotId,
            AppealId = request.Id,
            ContentType = image.Type,
            Content = image.Content
        }));
        OrderOperation.Log(s, order, OrderOperationKind.AppealFiled, actor.Name, s.Now, detail: request.Text?.Trim() ?? "");
        if ((await s.SaveAsync(ct)).Error is { } error)
            return error;
        live.Publish(s.City.Code, [new LiveNotice(LiveKind.Order, order.LotId, order.Id)]);
        return new Done();
    }
}
