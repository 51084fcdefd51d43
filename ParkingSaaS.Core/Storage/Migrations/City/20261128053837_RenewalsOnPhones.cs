using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class RenewalsOnPhones : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<bool>(
                name: "on_line",
                table: "pass_periods",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.CreateIndex(
                name: "ix_orders_at_exit",
                table: "orders",
                columns: new[] { "exit_lane_id", "exited_at" },
                descending: new[] { false, true },
                filter: "exit_lane_id IS NOT NULL AND state IN ('AwaitingPayment', 'Unresolved')");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_orders_at_exit",
                table: "orders");

            migrationBuilder.DropColumn(
                name: "on_line",
                table: "pass_periods");
        }
    }
}
