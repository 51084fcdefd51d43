using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class PlatePartIndex : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_orders_plate_part",
                table: "orders");
            // On an expression that only the search of parts of plates has: a planner that knows little of a young table takes a trigram
            // index for whole plates too, which costs three milliseconds for each.
            migrationBuilder.Sql("CREATE INDEX ix_orders_plate_part ON orders USING gin (COALESCE(plate, '') gin_trgm_ops)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_orders_plate_part",
                table: "orders");
            migrationBuilder.CreateIndex(
                name: "ix_orders_plate_part",
                table: "orders",
                column: "plate")
                .Annotation("Npgsql:IndexMethod", "gin")
                .Annotation("Npgsql:IndexOperators", new[] { "gin_trgm_ops" });
        }
    }
}
