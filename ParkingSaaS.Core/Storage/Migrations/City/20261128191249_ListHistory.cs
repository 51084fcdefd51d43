using System;
using System.Collections.Generic;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class ListHistory : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<uint>(
                name: "xmin",
                table: "plate_rules",
                type: "xid",
                rowVersion: true,
                nullable: false,
                defaultValue: 0u);

            migrationBuilder.AlterColumn<string>(
                name: "detail",
                table: "calendar_changes",
                type: "character varying(70000)",
                maxLength: 70000,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(4000)",
                oldMaxLength: 4000);

            migrationBuilder.CreateTable(
                name: "plate_group_changes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    name_before = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: true),
                    note_before = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    note = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    added = table.Column<List<string>>(type: "text[]", nullable: false),
                    removed = table.Column<List<string>>(type: "text[]", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plate_group_changes", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "plate_rule_changes",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    rule_id = table.Column<Guid>(type: "uuid", nullable: false),
                    at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    by = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    from_file = table.Column<bool>(type: "boolean", nullable: false),
                    pattern = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: true),
                    lot_ids = table.Column<List<Guid>>(type: "uuid[]", nullable: false),
                    before = table.Column<string>(type: "jsonb", nullable: true),
                    after = table.Column<string>(type: "jsonb", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plate_rule_changes", x => x.id);
                });

            migrationBuilder.CreateIndex(
                name: "ix_plate_group_changes_group_id",
                table: "plate_group_changes",
                column: "group_id");

            migrationBuilder.CreateIndex(
                name: "ix_plate_rule_changes_pattern",
                table: "plate_rule_changes",
                column: "pattern");

            migrationBuilder.CreateIndex(
                name: "ix_plate_rule_changes_rule_id",
                table: "plate_rule_changes",
                column: "rule_id");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "plate_group_changes");

            migrationBuilder.DropTable(
                name: "plate_rule_changes");

            migrationBuilder.DropColumn(
                name: "xmin",
                table: "plate_rules");

            migrationBuilder.AlterColumn<string>(
                name: "detail",
                table: "calendar_changes",
                type: "character varying(4000)",
                maxLength: 4000,
                nullable: false,
                oldClrType: typeof(string),
                oldType: "character varying(70000)",
                oldMaxLength: 70000);
        }
    }
}
