using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using ParkingSaaS.Core.Lots;
using ParkingSaaS.Core.Orders;
using ParkingSaaS.Core.Tariffs;

namespace ParkingSaaS.Web.Api;

/// <summary>The API's own description, in OpenAPI 3.1.</summary>
static class ApiDocument
{
    /// <summary>Where it is, in each city.</summary>
    public const string Path = "/api/v1/openapi.json";

    const string Security = "clientCredentials";

    /// <summary>What an operation is about, with an example of what is sent and what comes back.</summary>
    public sealed record Note(string Id, string Summary, string Description, string? Permission, string? Request, string Answer);

    public static readonly Note Token = new("token", "Get an access token",
        "OAuth 2.0 client credentials (RFC 6749, section 4.4): client id and secret as form fields or by HTTP Basic. A token works for an hour, "
        + "in this city only. With scope it carries only those permissions.", null, null,
        """{"access_token":"CfDJ8…","token_type":"Bearer","expires_in":3600,"scope":"lots.view orders.view"}""");

    public static readonly Note Orders = new("orders", "Orders by plate, lot and time",
        "The stay that began last first. For the next page, repeat the request with after set to next; on the last page next is null. Orders of lots that the "
        + "client does not see are left out.", OrderPermissions.View, null,
        """
        {"items":[{"id":"019aa3c4-5b1e-7c3a-9a51-4f2e6c1d0b7a","plate":"粤B12345","lot":"019aa3c0-0f6d-7d11-8a0e-2f64d2a1c001",
        "enteredAt":"2026-11-21T09:00:00+08:00","exitedAt":"2026-11-21T11:10:00+08:00","state":"completed","receivable":"11.00",
        "received":"11.00"}],"next":null}
        """);

    public static readonly Note Lots = new("lots", "Lots and their free places", "The lots that the client sees, by name.", LotPermissions.View, null,
        """
        {"items":[{"id":"019aa3c0-0f6d-7d11-8a0e-2f64d2a1c001","name":"科技园南区停车场","kind":"offStreet","capacity":180,"occupied":64,
        "free":116}]}
        """);

    public static readonly Note Quote = new("quote", "Price stays under a tariff",
        "Takes a tariff in the schema parkingsaas-tariff/1, a calendar and up to 1,000 stays, and answers each stay's fee with the lines that "
        + "explain it. Nothing is kept.", TariffPermissions.View,
        """
        {"tariff":{"schema":"parkingsaas-tariff/1","name":"1 yuan per half hour","rules":[{"id":"all","charge":{"mode":"timed","stages":
        [{"price":1,"perMinutes":30,"round":"up"}]},"per":"stay"}]},"calendar":{"restDays":["2026-10-01"]},"zone":"Asia/Shanghai",
        "stays":[{"entry":"2026-11-21T09:00:00+08:00","exit":"2026-11-21T11:10:00+08:00"}]}
        """,
        """
        {"quotes":[{"currency":{"code":"CNY","digits":2},"total":"5.00","lines":[{"code":"rate","rule":"all",
        "from":"2026-11-21T09:00:00+08:00","to":"2026-11-21T11:10:00+08:00","units":"5","unitMinutes":30,"price":"1.00","unitRounding":"up",
        "amount":"5.00"}]}]}
        """);

    public static void AddApiDocument(this IServiceCollection services) => services.AddOpenApi(options =>
    {
        options.OpenApiVersion = OpenApiSpecVersion.OpenApi3_1;
        options.ShouldInclude = api => api.ActionDescriptor.EndpointMetadata.OfType<Note>().Any();
        options.AddSchemaTransformer((schema, context, _) =>
        {
            // Their converters hide from the generator that these are texts.
            var type = Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type;
            if (type == typeof(ClockTime))
                (schema.Type, schema.Pattern) = (JsonSchemaType.String, "^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$");
            else if (type == typeof(MonthDay))
                (schema.Type, schema.Pattern) = (JsonSchemaType.String, "^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$");
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            var note = context.Description.ActionDescriptor.EndpointMetadata.OfType<Note>().Single();
            (operation.OperationId, operation.Summary, operation.Description) = (note.Id, note.Summary, note.Description);
            operation.Tags = null;
            if (note.Permission is not null)
                operation.Security = [new() { [new OpenApiSecuritySchemeReference(Security, context.Document)] = [note.Permission] }];
            else
                operation.RequestBody = new OpenApiRequestBody { Required = true, Content = TokenForm() };
            if (note.Request is not null && operation.RequestBody?.Content?["application/json"] is { } body)
                body.Example = JsonNode.Parse(note.Request);
            if (operation.Responses?["200"].Content?["application/json"] is { } answer)
                answer.Example = JsonNode.Parse(note.Answer);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, context, _) =>
        {
            var http = context.ApplicationServices.GetRequiredService<IHttpContextAccessor>().HttpContext!;
            document.Info = new()
            {
                Title = "ParkingSaaS",
                Version = "1",
                Description = "The open API of one city. Refusals are application/problem+json (RFC 9457) with a stable code; amounts are decimal "
                    + "strings in the city's currency; instants are ISO 8601 with the city's offset."
            };
            document.Components ??= new();
            document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [Security] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.OAuth2,
                    Flows = new()
                    {
                        ClientCredentials = new()
                        {
                            TokenUrl = new Uri($"{http.Request.Scheme}://{http.Request.Host}{http.Request.PathBase}/api/v1/token"),
                            Scopes = new Dictionary<string, string>
                            {
                                [OrderPermissions.View] = "See orders",
                                [LotPermissions.View] = "See lots",
                                [TariffPermissions.View] = "Price stays"
                            }
                        }
                    }
                }
            };
            return Task.CompletedTask;
        });
    });

    static Dictionary<string, OpenApiMediaType> TokenForm() => new()
    {
        ["application/x-www-form-urlencoded"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Required = new HashSet<string> { "grant_type" },
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["grant_type"] = new OpenApiSchema { Type = JsonSchemaType.String, Const = "client_credentials" },
                    ["client_id"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Unless sent by HTTP Basic" },
                    ["client_secret"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Unless sent by HTTP Basic" },
                    ["scope"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "Permissions, separated by spaces" }
                }
            }
        }
    };
}
