using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class PlateGroups : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterColumn<string>(
                name: "pattern",
                table: "plate_rules",
                type: "character varying(16)",
                maxLength: 16,
                nullable: true,
                oldClrType: typeof(string),
                oldType: "character varying(16)",
                oldMaxLength: 16);

            migrationBuilder.AddColumn<Guid>(
                name: "group_id",
                table: "plate_rules",
                type: "uuid",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "plate_groups",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    name = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    note = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: false),
                    changed_by = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    changed_at = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    xmin = table.Column<uint>(type: "xid", rowVersion: true, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plate_groups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "plate_group_plates",
                columns: table => new
                {
                    group_id = table.Column<Guid>(type: "uuid", nullable: false),
                    plate = table.Column<string>(type: "character varying(16)", maxLength: 16, nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("pk_plate_group_plates", x => new { x.group_id, x.plate });
                    table.ForeignKey(
                        name: "fk_plate_group_plates_plate_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "plate_groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "ix_plate_rules_group_id",
                table: "plate_rules",
                column: "group_id");

            migrationBuilder.AddCheckConstraint(
                name: "ck_plate_rules_names",
                table: "plate_rules",
                sql: "(pattern IS NULL) <> (group_id IS NULL)");

            migrationBuilder.CreateIndex(
                name: "ix_plate_group_plates_plate",
                table: "plate_group_plates",
                column: "plate");

            migrationBuilder.CreateIndex(
                name: "ix_plate_groups_name",
                table: "plate_groups",
                column: "name",
                unique: true);

            migrationBuilder.AddForeignKey(
                name: "fk_plate_rules_plate_groups_group_id",
                table: "plate_rules",
                column: "group_id",
                principalTable: "plate_groups",
                principalColumn: "id",
                onDelete: ReferentialAction.Restrict);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "fk_plate_rules_plate_groups_group_id",
                table: "plate_rules");

            migrationBuilder.DropTable(
                name: "plate_group_plates");

            migrationBuilder.DropTable(
                name: "plate_groups");

            migrationBuilder.DropIndex(
                name: "ix_plate_rules_group_id",
                table: "plate_rules");

            migrationBuilder.DropCheckConstraint(
                name: "ck_plate_rules_names",
                table: "plate_rules");

            migrationBuilder.DropColumn(
                name: "group_id",
                table: "plate_rules");

            migrationBuilder.AlterColumn<string>(
                name: "pattern",
                table: "plate_rules",
                type: "character varying(16)",
                maxLength: 16,
                nullable: false,
                defaultValue: "",
                oldClrType: typeof(string),
                oldType: "character varying(16)",
                oldMaxLength: 16,
                oldNullable: true);
        }
    }
}
