using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class TariffHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropPrimaryKey(
                name: "pk_lot_tariffs",
                table: "lot_tariffs");

            migrationBuilder.AddColumn<uint>(
                name: "xmin",
                table: "tariff_versions",
                type: "xid",
                rowVersion: true,
                nullable: false,
                defaultValue: 0u);

            migrationBuilder.AddColumn<Guid>(
                name: "id",
                table: "lot_tariffs",
                type: "uuid",
                nullable: false,
                defaultValueSql: "gen_random_uuid()");

            // Only rows that are already there get an id like that.
            migrationBuilder.AlterColumn<Guid>(
                name: "id",
                table: "lot_tariffs",
                type: "uuid",
                nullable: false,
                oldDefaultValueSql: "gen_random_uuid()");

            migrationBuilder.AddColumn<string>(
                name: "assigned_by",
                table: "lot_tariffs",
                type: "character varying(64)",
                maxLength: 64,
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "used_from",
                table: "lot_tariffs",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "used_until",
                table: "lot_tariffs",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddPrimaryKey(
                name: "pk_lot_tariffs",
                table: "lot_tariffs",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "ix_payments_pending",
                table: "payments",
                column: "created_at",
                filter: "state = 'Pending'");

            migrationBuilder.CreateIndex(
                name: "ix_lot_tariffs_in_use",
                table: "lot_tariffs",
                column: "lot_id",
                unique: true,
                filter: "used_until IS NULL");

            migrationBuilder.CreateIndex(
                name: "ix_lot_tariffs_lot_id_used_from",
                table: "lot_tariffs",
                columns: new[] { "lot_id", "used_from" });

            // The API lists stays by when they began; EF Core's model knows no index on an expression.
            migrationBuilder.Sql("CREATE INDEX ix_orders_start ON orders ((COALESCE(entered_at, exited_at, created_at)) DESC, id DESC)");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("DROP INDEX ix_orders_start");
            migrationBuilder.Sql("DELETE FROM lot_tariffs WHERE used_until IS NOT NULL");

            migrationBuilder.DropIndex(
                name: "ix_payments_pending",
                table: "payments");

            migrationBuilder.DropPrimaryKey(
                name: "pk_lot_tariffs",
                table: "lot_tariffs");

            migrationBuilder.DropIndex(
                name: "ix_lot_tariffs_in_use",
                table: "lot_tariffs");

            migrationBuilder.DropIndex(
                name: "ix_lot_tariffs_lot_id_used_from",
                table: "lot_tariffs");

            migrationBuilder.DropColumn(
                name: "xmin",
                table: "tariff_versions");

            migrationBuilder.DropColumn(
                name: "id",
                table: "lot_tariffs");

            migrationBuilder.DropColumn(
                name: "assigned_by",
                table: "lot_tariffs");

            migrationBuilder.DropColumn(
                name: "used_from",
                table: "lot_tariffs");

            migrationBuilder.DropColumn(
                name: "used_until",
                table: "lot_tariffs");

            migrationBuilder.AddPrimaryKey(
                name: "pk_lot_tariffs",
                table: "lot_tariffs",
                column: "lot_id");
        }
    }
}
