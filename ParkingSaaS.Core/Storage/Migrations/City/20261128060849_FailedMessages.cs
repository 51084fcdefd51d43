using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class FailedMessages : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "failure",
                table: "device_messages",
                type: "character varying(500)",
                maxLength: 500,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "tries",
                table: "device_messages",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "try_at",
                table: "device_messages",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "device_message_replays",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    lot_id = table.Column<Guid>(type: "uuid", nullable: false),
                    message_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    payload = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_device_message_replays", x => x.id);
                    table.ForeignKey(
                        name: "fk_device_message_replays_device_messages_message_id",
                        column: x => x.message_id,
                        principalTable: "device_messages",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                    table.ForeignKey(
                        name: "fk_device_message_replays_lots_lot_id",
                        column: x => x.lot_id,
                        principalTable: "lots",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateIndex(
                name: "ix_device_messages_try_at",
                table: "device_messages",
                column: "try_at",
                filter: "try_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_device_message_replays_lot_id",
                table: "device_message_replays",
                column: "lot_id");

            migrationBuilder.CreateIndex(
                name: "ix_device_message_replays_message_id_at",
                table: "device_message_replays",
                columns: new[] { "message_id", "at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "device_message_replays");

            migrationBuilder.DropIndex(
                name: "ix_device_messages_try_at",
                table: "device_messages");

            migrationBuilder.DropColumn(
                name: "failure",
                table: "device_messages");

            migrationBuilder.DropColumn(
                name: "tries",
                table: "device_messages");

            migrationBuilder.DropColumn(
                name: "try_at",
                table: "device_messages");
        }
    }
}
