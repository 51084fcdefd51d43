using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using ParkingSaaS.Core.Accounts;
using ParkingSaaS.Core.Devices;
using ParkingSaaS.Core.Files;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Payments;
using ParkingSaaS.Core.Tenancy;
using ParkingSaaS.Core.Vehicles;
using ParkingSaaS.Devices.Mqtt;
using ParkingSaaS.Devices.Simulator;
using ParkingSaaS.Tests.Files;
using ParkingSaaS.Tests.Infrastructure;
using ParkingSaaS.Tests.Orders;
using static ParkingSaaS.Tests.Files.ImageFileTests;

namespace ParkingSaaS.Tests.Devices;

/// <summary>From a camera's HTTP request to who sees the picture, and who does not.</summary>
public sealed class PictureUploadTests(Cluster cluster) : DayTest(cluster)
{
    const string Plate = "粤B12345";
    WebHost web = null!;
    HttpClient camera = null!;

    protected override async Task PrepareAsync()
    {
        web = Own(await WebHost.StartAsync(platform, Ct, null, "--Limits:WrongSecretsPerMinute=12", "--Pictures:PerMinute=20", "--Pictures:MaxKilobytes=64"));
        camera = Own(web.Browser());
    }

    static byte[] Png(byte colour, int more = 0) =>
        [.. PngSignature, .. Chunk("IHDR", new byte[13]), .. Enumerable.Repeat(Chunk("IDAT", new byte[200]), more).SelectMany(c => c),
            .. Chunk("IDAT", [colour]), .. Chunk("IEND", [])];

    Task<HttpResponseMessage> PutAsync(string name, byte[] file, string device = "alpha/cam-in", string secret = "cam-in-secret", string city = "alpha") =>
        PutAsync(name, new ByteArrayContent(file), $"{device}:{secret}", city);

    async Task<HttpResponseMessage> PutAsync(string name, HttpContent content, string? credential, string city = "alpha")
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/{city}/devices/pictures/{name}") { Content = content };
        if (credential is not null)
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credential)));
        return await camera.SendAsync(request, Ct);
    }

    static async Task<(HttpStatusCode, string)> SaidAsync(Task<HttpResponseMessage> answer)
    {
        using var came = await answer;
        return (came.StatusCode, await came.Content.ReadAsStringAsync(Ct));
    }

    static (HttpStatusCode, string) Refused(HttpStatusCode status, string code) => (status, $$"""{"error":"{{code}}"}""");

    async Task<int> RowsAsync()
    {
        await using var s = await City.OpenAsync();
        return await s.Db.Set<DevicePicture>().CountAsync(Ct);
    }

    /// <summary>What lies in the program's data directory.</summary>
    IEnumerable<string> Files => Directory.Exists(Path.Combine(web.Data, "files"))
        ? Directory.EnumerateFiles(Path.Combine(web.Data, "files"), "*", SearchOption.AllDirectories) : [];

    /// <summary>The camera tells of a car, with pictures.</summary>
    async Task<Passage> PassAsync(Device device, string id, string? plate, params string[] images)
    {
        await day.RecordAsync([new DeviceEvent(device.Id, device.LotId, id, "t", "{}",
            new PassageReport(platform.Clock.GetUtcNow(), false, plate, "blue", "small", 0.98, null, images))]);
        return (await day.PassagesAsync())[^1];
    }

    async Task<HttpClient> SignedInAsync(Action<User>? restrict = null, TestCity? city = null)
    {
        var browser = Own(web.Browser());
        var user = await web.AddUserAsync(city ?? City, Guid.NewGuid().ToString("N"), Roles.City, Ct, restrict);
        Assert.Equal(HttpStatusCode.Found, (await WebHost.SignInAsync(browser, (city ?? City).Code, user.UserName!, WebHost.Password, Ct)).StatusCode);
        return browser;
    }

    static async Task<HttpStatusCode> StatusAsync(HttpClient browser, string path) => (await browser.GetAsync(path, Ct)).StatusCode;

    [Fact]
    public async Task A_picture_is_taken_once_and_shown_to_who_may_see_the_passage()
    {
        // Before its report, and after it.
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("before.jpg", Png(1))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync("before.jpg", Png(1))).StatusCode);
        var passage = await PassAsync(City.EntryCamera, "m", Plate, "before.jpg", "after.jpg", "https://example.org/1.jpg");
        string first = $"/alpha/orders/pictures/{passage.Id}/0", second = first[..^1] + "1", elsewhere = first[..^1] + "2";
        var staff = await SignedInAsync(user => user.LotIds = [City.North.Id]);
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(staff, second));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("after.jpg", Png(2))).StatusCode);
        Assert.Equal(Png(2), await staff.GetByteArrayAsync(second, Ct));

        var answer = await staff.GetAsync(first, Ct);
        Assert.Equal(Png(1), await answer.Content.ReadAsByteArrayAsync(Ct));
        Assert.Equal(("image/png", "nosniff", true, TimeSpan.FromHours(1)), (answer.Content.Headers.ContentType!.ToString(),
            answer.Headers.GetValues("X-Content-Type-Options").Single(), answer.Headers.CacheControl!.Private, answer.Headers.CacheControl.MaxAge));
        Assert.Matches("^inline; filename=\"?[0-9a-f]{32}\\.png\"?$", answer.Content.Headers.ContentDisposition!.ToString());

        foreach (var none in new[] { elsewhere, first[..^1] + "3", first[..^1] + "-1", $"/alpha/orders/pictures/{Guid.NewGuid()}/0" })
            Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(staff, none));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(await SignedInAsync(user => user.LotIds = [City.South.Id]), first));
        using var nobody = web.Browser();
        Assert.Equal(HttpStatusCode.Found, await StatusAsync(nobody, first));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(nobody, first.Replace("/alpha/orders/", $"/alpha/pay/order/{passage.OrderId}/")));
    }

    [Fact]
    public async Task A_report_shows_no_picture_of_another_device()
    {
        await PutAsync("a.png", Png(1));
        var passage = await PassAsync(City.ExitCamera, "m", Plate, "a.png");
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(await SignedInAsync(), $"/alpha/orders/pictures/{passage.Id}/0"));
    }

    [Fact]
    public async Task What_is_no_picture_too_large_or_badly_named_is_refused_with_a_code()
    {
        Assert.Equal(Refused(HttpStatusCode.UnsupportedMediaType, "not-a-picture"), await SaidAsync(PutAsync("a.png", [.. "<html>"u8])));
        Assert.Equal(Refused(HttpStatusCode.UnsupportedMediaType, "not-a-picture"), await SaidAsync(PutAsync("a.png", [])));
        Assert.Equal(Refused(HttpStatusCode.BadRequest, "bad-name"), await SaidAsync(PutAsync("%E5%9B%BE", Png(1))));
        Assert.Equal(Refused(HttpStatusCode.BadRequest, "bad-name"), await SaidAsync(PutAsync("..%2F..%2Fa", Png(1))));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("a.png", Png(1, more: 250))).StatusCode);
        Assert.Equal(Refused(HttpStatusCode.Conflict, "name-taken"), await SaidAsync(PutAsync("a.png", Png(2))));
        Assert.Equal(Refused(HttpStatusCode.RequestEntityTooLarge, "too-large"), await SaidAsync(PutAsync("b.png", Png(1, more: 350))));
        // One whose length is not told beforehand.
        Assert.Equal(Refused(HttpStatusCode.RequestEntityTooLarge, "too-large"),
            await SaidAsync(PutAsync("b.png", new PushedContent(Png(1, more: 350)), "alpha/cam-in:cam-in-secret")));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("c.png", new PushedContent(Png(1)), "alpha/cam-in:cam-in-secret")).StatusCode);
        Assert.Equal((2, 2), (await RowsAsync(), Files.Count()));
    }

    sealed class PushedContent(byte[] content) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => stream.WriteAsync(content).AsTask();

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    [Fact]
    public async Task Who_is_not_that_device_is_refused_and_nothing_is_kept()
    {
        async Task<HttpStatusCode> ShownAsync(string? credential, string city = "alpha")
        {
            var answer = await PutAsync("a.png", new ByteArrayContent(Png(1)), credential, city);
            if (answer.StatusCode is HttpStatusCode.Unauthorized)
                Assert.Equal("Basic", Assert.Single(answer.Headers.WwwAuthenticate).Scheme);
            return answer.StatusCode;
        }

        foreach (var wrong in new[] { null, "", "alpha/cam-in", "alpha/cam-in:", "alpha/cam-in:wrong", "cam-in:cam-in-secret", "alpha/none:cam-in-secret" })
            Assert.Equal((wrong, HttpStatusCode.Unauthorized), (wrong, await ShownAsync(wrong)));
        // At another city's address, and one of another city's at this one's.
        Assert.Equal(HttpStatusCode.Unauthorized, await ShownAsync("alpha/cam-in:cam-in-secret", "beta"));
        Assert.Equal(HttpStatusCode.Unauthorized, await ShownAsync("beta/cam-in:cam-in-secret"));
        platform.Clock.Advance(TimeSpan.FromMinutes(1)); // wrong secrets are forgotten
        Assert.True((await platform.Get<RetireDevice>().RunAsync(City.User(DevicePermissions.Manage), City.EntryCamera.Id, Ct)).Ok);
        Assert.Equal(HttpStatusCode.Unauthorized, await ShownAsync("alpha/cam-in:cam-in-secret"));
        Assert.Equal((0, 0), (await RowsAsync(), Files.Count()));
        Assert.DoesNotContain(web.Logs.Lines, l => l.Contains("cam-in-secret"));
    }

    [Fact]
    public async Task Wrong_secrets_count_here_and_at_the_broker_together()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await PutAsync("a.png", Png(1), secret: "wrong")).StatusCode);
        await Assert.ThrowsAsync<DeviceRefusedException>(() => DeviceClient.ConnectAsync(
            MqttClients.Options("127.0.0.1", web.MqttPort, "x", "alpha/cam-in", "wrong").Silent(), ct: Ct));
        var refused = await PutAsync("a.png", Png(1));
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(1)), (refused.StatusCode, refused.Headers.RetryAfter!.Delta));
        Assert.Single(web.Logs.Lines, l => l.Contains("RateLimited city=alpha") && l.Contains("wrong secrets"));
        platform.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("a.png", Png(1))).StatusCode);
    }

    [Fact]
    public async Task A_device_sends_so_many_a_minute_and_holds_up_no_other()
    {
        for (var i = 0; i < 20; i++)
            Assert.Equal(i == 0 ? HttpStatusCode.Created : HttpStatusCode.OK, (await PutAsync("a.png", Png(1))).StatusCode);
        for (var i = 0; i < 3; i++)
            Assert.Equal(Refused(HttpStatusCode.TooManyRequests, "too-many-pictures"), await SaidAsync(PutAsync("b.png", Png(1))));
        Assert.Single(web.Logs.Lines, l => l.Contains("RateLimited city=alpha") && l.Contains("pictures"));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("a.png", Png(1), "alpha/cam-out", "cam-out-secret")).StatusCode);
        platform.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("b.png", Png(1))).StatusCode);
    }

    [Fact]
    public async Task An_upload_that_breaks_off_or_takes_too_long_leaves_nothing()
    {
        async Task<Socket> HalfAsync()
        {
            var socket = Own(new Socket(SocketType.Stream, ProtocolType.Tcp));
            await socket.ConnectAsync("127.0.0.1", web.Address.Port, Ct);
            var basic = Convert.ToBase64String("alpha/cam-in:cam-in-secret"u8);
            var head = $"PUT /alpha/devices/pictures/half.png HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {basic}\r\nContent-Length: 1000\r\n\r\n";
            await socket.SendAsync((byte[])[.. Encoding.ASCII.GetBytes(head), .. PngSignature], Ct);
            return socket;
        }

        (await HalfAsync()).Dispose();
        var slow = await HalfAsync();
        var answer = new byte[12];
        var told = slow.ReceiveAsync(answer).InTimeAsync();
        await platform.Clock.UntilAsync(told);
        Assert.Equal("HTTP/1.1 408", Encoding.ASCII.GetString(answer));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("whole.png", Png(1))).StatusCode);
        Assert.Equal((1, 1), (await RowsAsync(), Files.Count()));
    }

    [Fact]
    public async Task A_driver_sees_the_pictures_of_a_stay_that_is_shown_to_be_theirs()
    {
        await using (var s = await City.OpenAsync())
        {
            var owner = Guid.CreateVersion7();
            s.Db.Add(new Owner { Id = owner, Phone = "+8613812345678", CreatedAt = s.Now, ChangedAt = s.Now, ChangedBy = "test" });
            s.Db.Add(new OwnerPlate { Plate = Plate, OwnerId = owner, IsDefault = true });
            await s.Db.SaveChangesAsync(Ct);
        }
        await PutAsync("a.png", Png(1));
        var passage = await PassAsync(City.EntryCamera, "m", Plate, "a.png", "not-there.png");
        var other = await PassAsync(City.EntryCamera, "n", "粤B99999", "a.png");
        var page = $"/alpha/pay/order/{passage.OrderId}";
        using var phone = web.Browser();
        phone.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");

        async Task<(string? Address, HttpStatusCode Answer)> SeesAsync() => (
            (await WebHost.PageAsync(await phone.GetAsync(page, Ct), Ct)).QuerySelector("main img")?.GetAttribute("src"),
            await StatusAsync(phone, $"{page}/pictures/{passage.Id}/0"));

        Assert.Equal((null, HttpStatusCode.NotFound), await SeesAsync());
        // The code of the lot lets one type any plate.
        await phone.GetAsync($"/alpha/pay/lot/{City.North.Id}", Ct);
        Assert.Equal((null, HttpStatusCode.NotFound), await SeesAsync());

        using var owned = web.Browser();
        owned.DefaultRequestHeaders.AcceptLanguage.ParseAdd("en");
        var document = await WebHost.PageAsync(await owned.GetAsync(page, Ct), Ct);
        var fields = document.QuerySelectorAll("main form:has(input[name='Input.PhoneEnd']) input")
            .ToDictionary(i => i.GetAttribute("name")!, i => i.GetAttribute("value") ?? "");
        fields["Input.PhoneEnd"] = "5678";
        Assert.Equal(HttpStatusCode.Found, (await owned.PostAsync(page, new FormUrlEncodedContent(fields), Ct)).StatusCode);
        var shown = Assert.Single((await WebHost.PageAsync(await owned.GetAsync(page, Ct), Ct)).QuerySelectorAll("main img"));
        Assert.Equal("Picture of 粤B***5, 2026-11-21 09:00:00", shown.GetAttribute("alt"));
        Assert.Equal(Png(1), await owned.GetByteArrayAsync("/alpha/" + shown.GetAttribute("src"), Ct));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(owned, $"{page}/pictures/{passage.Id}/1"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(owned, $"{page}/pictures/{other.Id}/0"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(owned, $"/alpha/pay/order/{other.OrderId}/pictures/{other.Id}/0"));
    }

    [Fact]
    public async Task The_program_deletes_what_is_old_by_itself()
    {
        await PutAsync("old.png", Png(1));
        await PutAsync("new.png", Png(2));
        await using (var s = await City.OpenAsync())
            await s.Db.Set<DevicePicture>().Where(p => p.Name == "old.png")
                .ExecuteUpdateAsync(set => set.SetProperty(p => p.ReceivedAt, s.Now.AddDays(-92)), Ct);
        await Eventually.HoldsAsync(async () => await RowsAsync() == 1, () => platform.Clock.Advance(TimeSpan.FromMinutes(10)));
    }

    [Fact]
    public async Task The_simulator_photographs_some_cars()
    {
        var device = new SimulatedDevice(new SimulatedDevicePlan(DeviceKind.EntryCamera, "standard", "alpha/cam-in", "cam-in-secret", "cam-in"),
            new SimulationOptions("127.0.0.1", web.MqttPort, 1, 1) { Pages = web.Address }, platform.Clock, NullLogger.Instance);
        string[] plates = ["粤B12340", "粤B12341", "粤B12342", "粤B12343"];
        foreach (var plate in plates)
            await device.PassageAsync(plate, "blue", platform.Clock.GetUtcNow(), false, Ct).InTimeAsync();
        await device.StopAsync();
        var photographed = Assert.Single(await day.PassagesAsync(), p => p.ImageNames.Count > 0);
        var staff = await SignedInAsync();
        var shown = await staff.GetByteArrayAsync($"/alpha/orders/pictures/{photographed.Id}/0", Ct);
        Assert.Equal(SimulatedPicture.Draw(photographed.Plate!, green: false), shown);
        Assert.InRange(shown.Length, 500, 10_000);
    }
}

/// <summary>Where other things are outside of the program: files in a store, devices at a broker.</summary>
public sealed class StoredPictureTests(Cluster cluster) : DayTest(cluster)
{
    static readonly byte[] picture = [.. PngSignature, .. Chunk("IHDR", new byte[13]), .. Chunk("IEND", [])];

    static async Task<HttpResponseMessage> PutAsync(HttpClient camera, string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/alpha/devices/pictures/{name}") { Content = new ByteArrayContent(picture) };
        request.Headers.Authorization = new("Basic", Convert.ToBase64String("alpha/cam-in:cam-in-secret"u8));
        return await camera.SendAsync(request, Ct);
    }

    [Fact]
    public async Task With_a_store_pictures_lie_there_and_come_from_there_and_while_it_is_away_the_camera_is_told_to_repeat()
    {
        var store = Own(await FakeS3.StartAsync());
        var web = Own(await WebHost.StartAsync(platform, Ct, settings: store.Settings));
        var browser = Own(web.Browser());
        var user = await web.AddUserAsync(City, "staff", Roles.City, Ct);
        await WebHost.SignInAsync(browser, "alpha", user.UserName!, WebHost.Password, Ct);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(browser, "a.png")).StatusCode);
        var (key, content) = Assert.Single(store.Files);
        Assert.StartsWith("alpha/pictures/2026-11-21/", key);
        Assert.Equal(picture, content);
        Assert.False(Directory.Exists(Path.Combine(web.Data, "files")));
        await day.RecordAsync(new DeviceEvent(City.EntryCamera.Id, City.North.Id, "m", "t", "{}",
            new PassageReport(platform.Clock.GetUtcNow(), false, "粤B12345", "blue", "small", 0.98, null, ["a.png"])));
        var address = $"/alpha/orders/pictures/{(await day.PassagesAsync()).Single().Id}/0";
        Assert.Equal(picture, await browser.GetByteArrayAsync(address, Ct));

        await store.DisposeAsync();
        var told = await PutAsync(browser, "b.png");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(10)), (told.StatusCode, told.Headers.RetryAfter!.Delta));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.GetAsync(address, Ct)).StatusCode);
        await using var s = await City.OpenAsync();
        Assert.Equal("a.png", (await s.Db.Set<DevicePicture>().SingleAsync(Ct)).Name);
    }

    [Fact]
    public async Task With_a_broker_outside_a_device_uploads_here_all_the_same()
    {
        var web = Own(await WebHost.StartAsync(platform, Ct, settings: $"--Devices:Broker=mqtt://127.0.0.1:{Ports.Free()}"));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync(Own(web.Browser()), "a.png")).StatusCode);
    }

    [Theory]
    [InlineData("--Files:S3=s3.example.org/parking", "--Files:AccessKey=a", "--Files:SecretKey=b")]
    [InlineData("--Files:S3=https://s3.example.org/", "--Files:AccessKey=a", "--Files:SecretKey=b")]
    [InlineData("--Files:S3=https://s3.example.org/a/b", "--Files:AccessKey=a", "--Files:SecretKey=b")]
    [InlineData("--Files:S3=https://s3.example.org/parking", "--Files:AccessKey=a")]
    [InlineData("--Pictures:KeepDays=0")]
    [InlineData("--Pictures:MaxKilobytes=x")]
    public async Task Settings_that_cannot_be_meant_end_the_start(params string[] settings) =>
        await Assert.ThrowsAsync<Web.Node.StartUpException>(() => WebHost.StartAsync(platform, Ct, settings: settings));
}
