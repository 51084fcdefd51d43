using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class SeenUntil : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_orders_exit_lane_id",
                table: "orders");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "seen_until",
                table: "orders",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateIndex(
                name: "ix_orders_exit_lane",
                table: "orders",
                columns: new[] { "exit_lane_id", "exited_at" },
                descending: new[] { false, true });

            migrationBuilder.CreateIndex(
                name: "ix_device_commands_order_id",
                table: "device_commands",
                column: "order_id",
                filter: "order_id IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_orders_exit_lane",
                table: "orders");

            migrationBuilder.DropIndex(
                name: "ix_device_commands_order_id",
                table: "device_commands");

            migrationBuilder.DropColumn(
                name: "seen_until",
                table: "orders");

            migrationBuilder.CreateIndex(
                name: "ix_orders_exit_lane_id",
                table: "orders",
                column: "exit_lane_id");
        }
    }
}
