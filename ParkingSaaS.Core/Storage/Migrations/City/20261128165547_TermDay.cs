using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace ParkingSaaS.Core.Storage.Migrations.City
{
    /// <inheritdoc />
    public partial class TermDay : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "term_day",
                table: "passes",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "term_day",
                table: "pass_periods",
                type: "integer",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "term_day",
                table: "passes");

            migrationBuilder.DropColumn(
                name: "term_day",
                table: "pass_periods");
        }
    }
}
