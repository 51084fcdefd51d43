using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class ListForms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_plate_rules_names",
                table: "plate_rules");

            migrationBuilder.AddColumn<string>(
                name: "form",
                table: "plate_rules",
                type: "character varying(16)",
                maxLength: 16,
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "refused_for",
                table: "passages",
                type: "character varying(200)",
                maxLength: 200,
                nullable: true);

            migrationBuilder.AddCheckConstraint(
                name: "ck_plate_rules_names",
                table: "plate_rules",
                sql: "num_nonnulls(pattern, form, group_id) = 1");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropCheckConstraint(
                name: "ck_plate_rules_names",
                table: "plate_rules");

            migrationBuilder.DropColumn(
                name: "form",
                table: "plate_rules");

            migrationBuilder.DropColumn(
                name: "refused_for",
                table: "passages");

            migrationBuilder.AddCheckConstraint(
                name: "ck_plate_rules_names",
                table: "plate_rules",
                sql: "(pattern IS NULL) <> (group_id IS NULL)");
        }
    }
}
