using Microsoft.AspNetCore.Identity;
using ParkingSaaS.Core;
using ParkingSaaS.Core.Storage;
using ParkingSaaS.Web.Hosting;

var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.WebHost.UseStaticWebAssets();
var data = Path.GetFullPath(builder.Configuration["Data"] ?? "data");
Directory.CreateDirectory(data);

var connectionString = builder.Configuration.GetConnectionString("Control");
await using var postgres = connectionString is null
    ? await EmbeddedPostgres.StartAsync(Path.Combine(data, "postgres"), durable: true, CancellationToken.None)
    : null;

builder.Services.AddSingleton(TimeProvider.System);
builder.Services.AddStorage(connectionString ?? postgres!.ConnectionString);
builder.Services.AddSlices();
builder.Services.AddWeb();

var app = builder.Build();
await StorageSetup.MigrateAsync(app.Services, CancellationToken.None);
app.UseWeb();
await app.RunAsync();
